// Counts the requests that really go over the wire, retries included.

import type { S3Client } from '@aws-sdk/client-s3'
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront'
import type { RequestCounts } from '../model.ts'
import type { RequestMeter } from '../ports.ts'
import { awsErrorCode } from './aws-errors.ts'
import type { S3Target } from './lean-requests.ts'

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

export interface SdkMeter extends RequestMeter {
  /** For a request that goes past both clients. */
  count(kind: keyof RequestCounts): void
  countSlowDown(): void
  /** Where the last request to S3 went, redirects included; undefined: none has been signed yet. */
  lastS3Target(): S3Target | undefined
}

/** @returns a meter that counts every attempt of both clients from now on */
export function meterRequests(s3: S3Client, cloudFront: CloudFrontClient): SdkMeter {
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
  const countCommand = (commandName: string | undefined): void => {
    const kind = KIND_OF_COMMAND[commandName ?? '']
    if (kind !== undefined) counts[kind] += 1
  }
  // Retries happen in this step at high priority, so that one of low priority sees each attempt.
  const position = { step: 'finalizeRequest', priority: 'low', name: 'freshfrontMeter' } as const
  let slowDowns = 0
  let lastS3Target: S3Target | undefined
  s3.middlewareStack.add(
    (next, context) => async (args) => {
      countCommand(context.commandName)
      lastS3Target = targetOf(args.request as SignedRequest)
      try {
        return await next(args)
      } catch (error) {
        if (awsErrorCode(error) === 'SlowDown') slowDowns += 1
        throw error
      }
    },
    position,
  )
  cloudFront.middlewareStack.add(
    (next, context) => async (args) => (countCommand(context.commandName), next(args)),
    position,
  )
  return {
    counts: () => ({ ...counts }),
    slowDowns: () => slowDowns,
    countSlowDown: () => void (slowDowns += 1),
    count: (kind) => void (counts[kind] += 1),
    lastS3Target: () => lastS3Target,
  }
}

interface SignedRequest {
  readonly hostname: string
  readonly headers: Readonly<Record<string, string>>
}

/** @see Amazon S3 API Reference, "Authenticating requests: using the Authorization header", for the credential scope */
function targetOf({ hostname, headers }: SignedRequest): S3Target | undefined {
  const region = /Credential=[^/]+\/\d{8}\/([^/]+)\/s3\//u.exec(headers['authorization'] ?? '')?.[1]
  return region === undefined ? undefined : { hostname, region }
}
