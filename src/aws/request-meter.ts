// Counts the requests that really go over the wire, retries included.

import type { S3Client } from '@aws-sdk/client-s3'
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront'
import type { RequestCounts } from '../model.ts'
import type { RequestMeter } from '../ports.ts'
import { httpStatusOf } from './aws-errors.ts'
import { isSlowDown } from './lean-requests.ts'
import type { SignedRequest } from './s3-target.ts'

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

/** Of each kind none. */
export const NO_REQUESTS: RequestCounts = {
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

export interface Meter extends RequestMeter {
  count(kind: keyof RequestCounts): void
  countSlowDown(): void
  /** The SDK's last request to S3, redirects followed; undefined: none has been signed yet. */
  lastS3Request(): SignedRequest | undefined
  noteS3Request(request: SignedRequest): void
}

export function openMeter(): Meter {
  const counts: Record<keyof RequestCounts, number> = { ...NO_REQUESTS }
  let slowDowns = 0
  let last: SignedRequest | undefined
  return {
    counts: () => ({ ...counts }),
    count: (kind) => void (counts[kind] += 1),
    slowDowns: () => slowDowns,
    countSlowDown: () => void (slowDowns += 1),
    lastS3Request: () => last,
    noteS3Request: (request) => void (last = request),
  }
}

/** Counts every attempt of both clients from now on. */
export function watchRequests(s3: S3Client, cloudFront: CloudFrontClient, meter: Meter): void {
  const count = (commandName: string | undefined): void => {
    const kind = KIND_OF_COMMAND[commandName ?? '']
    if (kind !== undefined) meter.count(kind)
  }
  // Retries happen in this step at high priority, so that one of low priority sees each attempt.
  const position = { step: 'finalizeRequest', priority: 'low', name: 'freshfrontMeter' } as const
  s3.middlewareStack.add(
    (next, context) => async (args) => {
      count(context.commandName)
      meter.noteS3Request(args.request as SignedRequest)
      try {
        return await next(args)
      } catch (error) {
        if (isSlowDown(httpStatusOf(error))) meter.countSlowDown()
        throw error
      }
    },
    position,
  )
  cloudFront.middlewareStack.add((next, context) => async (args) => (count(context.commandName), next(args)), position)
}
