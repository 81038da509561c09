// The Inspector port over S3 and CloudFront.

import { GetDistributionCommand, GetCachePolicyCommand, type CloudFrontClient } from '@aws-sdk/client-cloudfront'
import {
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectAclCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3'
import { bucketNotFound, distributionNotFound } from '../errors.ts'
import type { Inspector } from '../ports.ts'
import { awsErrorCode, toFreshfrontError } from './aws-errors.ts'
import { customCachePolicyIds } from './distribution-config.ts'
import { toDistributionSetup, type KeyRules, toKeyRules } from './distribution-setup.ts'
import { toBucketWebsite } from './s3-bucket.ts'

export interface InspectorOptions {
  readonly s3: S3Client
  readonly cloudFront: CloudFrontClient
  readonly bucket: string
  readonly namedRegion: string | undefined
  /** For messages. */
  readonly s3Endpoint: string
  readonly cloudFrontEndpoint: string
  readonly profile?: string
}

/** Whom ACLs call everyone. @see Amazon S3 User Guide, "Access control list (ACL) overview": predefined groups */
const EVERYONE = new Set([
  'http://acs.amazonaws.com/groups/global/AllUsers',
  'http://acs.amazonaws.com/groups/global/AuthenticatedUsers',
])

export function awsInspector(options: InspectorOptions): Inspector {
  const { s3, cloudFront, bucket: Bucket, namedRegion, s3Endpoint, cloudFrontEndpoint } = options
  const surroundings = options.profile === undefined ? {} : { profile: options.profile }

  /** @param absence the error code by which S3 says that the setting was never made, and what that amounts to */
  async function askS3<T>(operation: string, task: () => Promise<T>, absence?: readonly [string, T]): Promise<T> {
    try {
      return await task()
    } catch (error) {
      if (absence !== undefined && awsErrorCode(error) === absence[0]) return absence[1]
      throw toFreshfrontError(error, {
        service: 'S3',
        operation,
        target: Bucket,
        endpoint: s3Endpoint,
        ...(namedRegion !== undefined && { region: namedRegion }),
        ...surroundings,
      })
    }
  }

  async function askCloudFront<T>(operation: string, target: string, task: () => Promise<T>): Promise<T> {
    try {
      return await task()
    } catch (error) {
      const context = { service: 'CloudFront' as const, operation, target, endpoint: cloudFrontEndpoint }
      throw toFreshfrontError(error, { ...context, ...surroundings })
    }
  }

  return {
    namedRegion,

    async readRegion() {
      return askS3('HeadBucket', async () => {
        try {
          return (await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion
        } catch (error) {
          if (error instanceof Error && error.name === 'NotFound') throw bucketNotFound(Bucket, `at ${s3Endpoint}`)
          // S3 names the bucket's region to everyone, also in its refusals.
          const region = regionInRefusal(error)
          if (region !== undefined) return region
          throw error
        }
      })
    },

    async tryListing(prefix) {
      await askS3('ListObjectsV2', () => s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 })))
    },

    async tryListingUploads(prefix) {
      await askS3('ListMultipartUploads', () =>
        s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix, MaxUploads: 1 })),
      )
    },

    async readPublicAccessBlock() {
      const { PublicAccessBlockConfiguration: block } = await askS3(
        'GetPublicAccessBlock',
        () => s3.send(new GetPublicAccessBlockCommand({ Bucket })),
        ['NoSuchPublicAccessBlockConfiguration', { $metadata: {} }],
      )
      return {
        blockPublicAcls: block?.BlockPublicAcls ?? false,
        ignorePublicAcls: block?.IgnorePublicAcls ?? false,
        blockPublicPolicy: block?.BlockPublicPolicy ?? false,
        restrictPublicBuckets: block?.RestrictPublicBuckets ?? false,
      }
    },

    async readOwnership() {
      const { OwnershipControls } = await askS3(
        'GetBucketOwnershipControls',
        () => s3.send(new GetBucketOwnershipControlsCommand({ Bucket })),
        ['OwnershipControlsNotFoundError', { $metadata: {} }],
      )
      return OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? 'ObjectWriter'
    },

    async isOpenByAcl(key) {
      const { Grants } =
        key === undefined
          ? await askS3('GetBucketAcl', () => s3.send(new GetBucketAclCommand({ Bucket })))
          : await askS3('GetObjectAcl', () => s3.send(new GetObjectAclCommand({ Bucket, Key: key })), [
              'NoSuchKey',
              { $metadata: {} },
            ])
      return (Grants ?? []).some(
        ({ Grantee, Permission }) =>
          EVERYONE.has(Grantee?.URI ?? '') && (Permission === 'READ' || Permission === 'FULL_CONTROL'),
      )
    },

    async readPolicy() {
      const { Policy } = await askS3('GetBucketPolicy', () => s3.send(new GetBucketPolicyCommand({ Bucket })), [
        'NoSuchBucketPolicy',
        { $metadata: {} },
      ])
      return Policy
    },

    async readVersioning() {
      const { Status } = await askS3('GetBucketVersioning', () => s3.send(new GetBucketVersioningCommand({ Bucket })))
      return Status ?? 'Never'
    },

    async readWebsite() {
      return askS3(
        'GetBucketWebsite',
        async () => toBucketWebsite(await s3.send(new GetBucketWebsiteCommand({ Bucket }))),
        ['NoSuchWebsiteConfiguration', undefined],
      )
    },

    async readEncryption() {
      const { ServerSideEncryptionConfiguration } = await askS3(
        'GetBucketEncryption',
        () => s3.send(new GetBucketEncryptionCommand({ Bucket })),
        ['ServerSideEncryptionConfigurationNotFoundError', { $metadata: {} }],
      )
      return ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm
    },

    async readDistribution(id) {
      const { Distribution } = await askCloudFront('GetDistribution', id, () =>
        cloudFront.send(new GetDistributionCommand({ Id: id })),
      )
      if (Distribution === undefined) throw distributionNotFound(id)
      const policies = await Promise.all(
        customCachePolicyIds(Distribution).map(async (policyId): Promise<[string, KeyRules]> => {
          const { CachePolicy } = await askCloudFront('GetCachePolicy', policyId, () =>
            cloudFront.send(new GetCachePolicyCommand({ Id: policyId })),
          )
          return [policyId, toKeyRules(CachePolicy?.CachePolicyConfig)]
        }),
      )
      return toDistributionSetup(Distribution, new Map(policies))
    },
  }
}

function regionInRefusal(error: unknown): string | undefined {
  const response = (error as { readonly $response?: { readonly headers?: Readonly<Record<string, string>> } }).$response
  return response?.headers?.['x-amz-bucket-region']
}
