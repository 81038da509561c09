// The Distributions port over the CloudFront API.

import {
  CreateInvalidationCommand,
  GetCachePolicyCommand,
  GetDistributionCommand,
  GetInvalidationCommand,
  ListDistributionsCommand,
  type CloudFrontClient,
  type Distribution as SdkDistribution,
  type Invalidation,
} from '@aws-sdk/client-cloudfront'
import { distributionNotFound } from '../errors.ts'
import type { Distributions, InvalidationProgress, DistributionOrigins } from '../ports.ts'
import { toFreshfrontError } from './aws-errors.ts'
import { customCachePolicyIds, toDistribution, type QueryStringPolicies } from './distribution-config.ts'

/** @param surroundings for messages */
export function cloudFrontDistributions(
  cloudFront: CloudFrontClient,
  surroundings: { readonly endpoint: string; readonly profile?: string },
): Distributions {
  const asking = async <T>(operation: string, target: string, task: () => Promise<T>): Promise<T> => {
    try {
      return await task()
    } catch (error) {
      throw toFreshfrontError(error, { service: 'CloudFront', operation, target, ...surroundings })
    }
  }

  return {
    async list() {
      const found: DistributionOrigins[] = []
      let marker: string | undefined
      do {
        const { DistributionList } = await asking('ListDistributions', '*', () =>
          cloudFront.send(new ListDistributionsCommand({ Marker: marker })),
        )
        for (const summary of DistributionList?.Items ?? []) {
          if (summary.Staging === true) continue
          const originDomainNames = (summary.Origins?.Items ?? []).map((origin) => origin.DomainName ?? '')
          found.push({ id: summary.Id ?? '', originDomainNames })
        }
        marker = DistributionList?.IsTruncated === true ? DistributionList.NextMarker : undefined
      } while (marker !== undefined)
      return found
    },

    async describe(distributionId) {
      const { Distribution } = await asking('GetDistribution', distributionId, () =>
        cloudFront.send(new GetDistributionCommand({ Id: distributionId })),
      )
      if (Distribution === undefined) throw distributionNotFound(distributionId)
      return toDistribution(Distribution, await readPolicies(Distribution))
    },

    async createInvalidation(distributionId, items, callerReference) {
      const { Invalidation } = await asking('CreateInvalidation', distributionId, () =>
        cloudFront.send(
          new CreateInvalidationCommand({
            DistributionId: distributionId,
            InvalidationBatch: {
              CallerReference: callerReference,
              Paths: { Quantity: items.length, Items: [...items] },
            },
          }),
        ),
      )
      return progressOf(Invalidation)
    },

    async readInvalidation(distributionId, invalidationId) {
      const { Invalidation } = await asking('GetInvalidation', distributionId, () =>
        cloudFront.send(new GetInvalidationCommand({ DistributionId: distributionId, Id: invalidationId })),
      )
      return progressOf(Invalidation)
    },
  }

  async function readPolicies(distribution: SdkDistribution): Promise<QueryStringPolicies> {
    const ids = customCachePolicyIds(distribution)
    const read = await Promise.all(
      ids.map(async (id): Promise<[string, boolean]> => {
        const { CachePolicy } = await asking('GetCachePolicy', id, () =>
          cloudFront.send(new GetCachePolicyCommand({ Id: id })),
        )
        const inKey = CachePolicy?.CachePolicyConfig?.ParametersInCacheKeyAndForwardedToOrigin
        return [id, (inKey?.QueryStringsConfig?.QueryStringBehavior ?? 'none') !== 'none']
      }),
    )
    return new Map(read)
  }
}

function progressOf(invalidation: Invalidation | undefined): InvalidationProgress {
  return { id: invalidation?.Id ?? '', status: invalidation?.Status === 'Completed' ? 'Completed' : 'InProgress' }
}
