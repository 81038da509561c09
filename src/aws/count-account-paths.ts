// How many invalidation paths an account has sent since a time, on all of its distributions: they share the month's free ones.

import {
  GetInvalidationCommand,
  GetInvalidationForDistributionTenantCommand,
  ListDistributionTenantsCommand,
  ListInvalidationsCommand,
  ListInvalidationsForDistributionTenantCommand,
  type CloudFrontClient,
  type InvalidationList,
} from '@aws-sdk/client-cloudfront'
import pMap from 'p-map'

/** CloudFront's API takes few calls a second. */
const READS_AT_ONCE = 4

/**
 * Reads every invalidation that was created at `sinceMs` or later; one request for each, and one for each hundred or distribution listed.
 *
 * @param distributionIds of the whole account, tenants left out
 * @see CloudFront API Reference, ListInvalidations: newest first (read 2026-11-23)
 */
export async function countAccountPaths(
  cloudFront: CloudFrontClient,
  distributions: readonly { readonly id: string; readonly isMultiTenant: boolean }[],
  sinceMs: number,
): Promise<number> {
  const counts = await pMap(
    distributions,
    async ({ id, isMultiTenant }) => {
      const own = await countOf(sinceMs, {
        list: async (Marker) =>
          (await cloudFront.send(new ListInvalidationsCommand({ DistributionId: id, Marker }))).InvalidationList,
        read: async (invalidationId) => {
          const command = new GetInvalidationCommand({ DistributionId: id, Id: invalidationId })
          return (await cloudFront.send(command)).Invalidation?.InvalidationBatch?.Paths?.Quantity
        },
      })
      return own + (isMultiTenant ? await countOfTenants(cloudFront, id, sinceMs) : 0)
    },
    { concurrency: READS_AT_ONCE },
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

interface InvalidationsOf {
  readonly list: (marker: string | undefined) => Promise<InvalidationList | undefined>
  readonly read: (invalidationId: string) => Promise<number | undefined>
}

async function countOf(sinceMs: number, { list, read }: InvalidationsOf): Promise<number> {
  let count = 0
  let marker: string | undefined
  do {
    const page = await list(marker)
    for (const { Id = '', CreateTime } of page?.Items ?? []) {
      if (CreateTime !== undefined && CreateTime.getTime() < sinceMs) return count
      count += (await read(Id)) ?? 0
    }
    marker = page?.IsTruncated === true ? page.NextMarker : undefined
  } while (marker !== undefined && marker !== '')
  return count
}

async function countOfTenants(cloudFront: CloudFrontClient, distributionId: string, sinceMs: number): Promise<number> {
  let count = 0
  let marker: string | undefined
  do {
    const page = await cloudFront.send(
      new ListDistributionTenantsCommand({ AssociationFilter: { DistributionId: distributionId }, Marker: marker }),
    )
    for (const { Id: tenantId = '' } of page.DistributionTenantList ?? []) {
      count += await countOf(sinceMs, {
        list: async (Marker) => {
          const command = new ListInvalidationsForDistributionTenantCommand({ Id: tenantId, Marker })
          return (await cloudFront.send(command)).InvalidationList
        },
        read: async (Id) => {
          const command = new GetInvalidationForDistributionTenantCommand({ DistributionTenantId: tenantId, Id })
          return (await cloudFront.send(command)).Invalidation?.InvalidationBatch?.Paths?.Quantity
        },
      })
    }
    marker = page.NextMarker
  } while (marker !== undefined && marker !== '')
  return count
}
