// Counts the requests that really go over the wire, retries included.

import type { S3Client } from '@aws-sdk/client-s3'
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront'
import type { RequestCounts } from '../model.ts'
import type { RequestMeter } from '../ports.ts'

/** SDK command → the kind of request it is counted as. */
const KIND_OF_COMMAND: Readonly<Record<string, keyof RequestCounts>> = {
  PutObjectCommand: 'put',
  CreateMultipartUploadCommand: 'put',
  UploadPartCommand: 'put',
  CompleteMultipartUploadCommand: 'put',
  CopyObjectCommand: 'copy',
  ListObjectsV2Command: 'list',
  ListMultipartUploadsCommand: 'list',
  HeadObjectCommand: 'head',
  GetObjectCommand: 'get',
  DeleteObjectCommand: 'delete',
  DeleteObjectsCommand: 'delete',
  AbortMultipartUploadCommand: 'delete',
  ListDistributionsCommand: 'readDistribution',
  GetDistributionCommand: 'readDistribution',
  GetCachePolicyCommand: 'readDistribution',
  GetFunctionCommand: 'readDistribution',
  ListDistributionTenantsCommand: 'readDistribution',
  GetDistributionTenantCommand: 'readDistribution',
  GetBucketWebsiteCommand: 'get',
  CreateInvalidationCommand: 'createInvalidation',
  CreateInvalidationForDistributionTenantCommand: 'createInvalidation',
  GetInvalidationCommand: 'readInvalidation',
  ListInvalidationsCommand: 'readInvalidation',
  ListInvalidationsForDistributionTenantCommand: 'readInvalidation',
  GetInvalidationForDistributionTenantCommand: 'readInvalidation',
}

/** @returns a meter that counts every attempt of both clients from now on; `countPut` is for one that goes past them */
export function meterRequests(
  s3: S3Client,
  cloudFront: CloudFrontClient,
): RequestMeter & { countPut(): void; lastS3Host(): string | undefined } {
  const counts: Record<keyof RequestCounts, number> = {
    put: 0,
    copy: 0,
    list: 0,
    head: 0,
    get: 0,
    delete: 0,
    readDistribution: 0,
    createInvalidation: 0,
    readInvalidation: 0,
  }
  const count = (commandName: string | undefined): void => {
    const kind = KIND_OF_COMMAND[commandName ?? '']
    if (kind !== undefined) counts[kind] += 1
  }
  // Retries happen in this step at high priority, so that one of low priority sees each attempt.
  const position = { step: 'finalizeRequest', priority: 'low', name: 'freshfrontMeter' } as const
  let lastS3Host: string | undefined
  s3.middlewareStack.add(
    (next, context) => async (args) => {
      count(context.commandName)
      lastS3Host = (args.request as { readonly hostname?: string }).hostname
      return next(args)
    },
    position,
  )
  cloudFront.middlewareStack.add((next, context) => async (args) => (count(context.commandName), next(args)), position)
  return { counts: () => ({ ...counts }), countPut: () => void (counts.put += 1), lastS3Host: () => lastS3Host }
}
