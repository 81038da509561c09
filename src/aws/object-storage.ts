// ObjectStorage → the SDK's input fields and the headers that they become.

import type { PutObjectCommandInput } from '@aws-sdk/client-s3'
import type { ObjectStorage } from '../model.ts'

type StorageInput = Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'StorageClass' | 'Tagging'>

/** @param storage undefined: as the bucket does by default */
export function storageToInput({ sse, sseKmsKeyId, storageClass, tags }: ObjectStorage = {}): StorageInput {
  return {
    ...(sse !== undefined && { ServerSideEncryption: sse as NonNullable<StorageInput['ServerSideEncryption']> }),
    ...(sseKmsKeyId !== undefined && { SSEKMSKeyId: sseKmsKeyId }),
    ...(storageClass !== undefined && { StorageClass: storageClass as NonNullable<StorageInput['StorageClass']> }),
    ...(tags !== undefined && { Tagging: new URLSearchParams(tags).toString() }),
  }
}

/** @see Amazon S3 API Reference, PutObject, "Request Syntax" */
export function storageToHeaders(storage: ObjectStorage | undefined): Record<string, string> {
  const {
    ServerSideEncryption: sse,
    SSEKMSKeyId: keyId,
    StorageClass: storageClass,
    Tagging: tags,
  } = storageToInput(storage)
  return {
    ...(sse !== undefined && { 'x-amz-server-side-encryption': sse }),
    ...(keyId !== undefined && { 'x-amz-server-side-encryption-aws-kms-key-id': keyId }),
    ...(storageClass !== undefined && { 'x-amz-storage-class': storageClass }),
    ...(tags !== undefined && { 'x-amz-tagging': tags }),
  }
}
