// The Distributions port over the CloudFront API.

import {
  CreateInvalidationCommand,
  CreateInvalidationForDistributionTenantCommand,
  GetCachePolicyCommand,
  GetDistributionCommand,
  GetDistributionTenantCommand,
  GetFunctionCommand,
  GetInvalidationCommand,
  GetInvalidationForDistributionTenantCommand,
  ListDistributionTenantsCommand,
  ListDistributionsCommand,
  type CloudFrontClient,
  type Distribution as SdkDistribution,
  type Invalidation,
} from '@aws-sdk/client-cloudfront'
import { distributionNotFound, FreshfrontError, invalidationsThrottled } from '../errors.ts'
import type { Distribution } from '../model.ts'
import { countAccountPaths } from './count-account-paths.ts'
import type { Distributions, InvalidationProgress, DistributionOrigins } from '../ports.ts'
import { awsErrorCode, isThrottling, toFreshfrontError } from './aws-errors.ts'
import {
  customCachePolicyIds,
  toDistribution,
  toTenant,
  viewerRequestFunctionNames,
  toCacheRules,
  type CachePolicies,
  type CacheRules,
} from './distribution-config.ts'

/** @param surroundings for messages */
export function cloudFrontDistributions(
  cloudFront: CloudFrontClient,
  surroundings: { readonly endpoint: string; readonly profile?: string },
): Distributions {
  leaveThrottledInvalidations(cloudFront)
  const asking = async <T>(operation: string, target: string, task: () => Promise<T>): Promise<T> => {
    try {
      return await task()
    } catch (error) {
      throw toFreshfrontError(error, { service: 'CloudFront', operation, target, ...surroundings })
    }
  }

  const port: Distributions = {
    async countPathsSince(timeMs) {
      const all = await port.list()
      return asking('ListInvalidations', 'the account', () => countAccountPaths(cloudFront, all, timeMs))
    },

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
          const isMultiTenant = summary.ConnectionMode === 'tenant-only'
          found.push({ id: summary.Id ?? '', originDomainNames, isMultiTenant })
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
      const [policies, functionCode] = await Promise.all([readPolicies(Distribution), readFunctionCode(Distribution)])
      const described = toDistribution(Distribution, { policies, functionCode })
      return Distribution.DistributionConfig?.ConnectionMode === 'tenant-only' ? readTenants(described) : [described]
    },

    async createInvalidation(id, items, callerReference) {
      const InvalidationBatch = {
        CallerReference: callerReference,
        Paths: { Quantity: items.length, Items: [...items] },
      }
      const { Invalidation } = isTenant(id)
        ? await asking('CreateInvalidationForDistributionTenant', id, () =>
            cloudFront.send(new CreateInvalidationForDistributionTenantCommand({ Id: id, InvalidationBatch })),
          )
        : await asking('CreateInvalidation', id, () =>
            cloudFront.send(new CreateInvalidationCommand({ DistributionId: id, InvalidationBatch })),
          )
      return progressOf(Invalidation)
    },

    async readInvalidation(id, invalidationId) {
      const { Invalidation } = isTenant(id)
        ? await asking('GetInvalidationForDistributionTenant', id, () =>
            cloudFront.send(
              new GetInvalidationForDistributionTenantCommand({ DistributionTenantId: id, Id: invalidationId }),
            ),
          )
        : await asking('GetInvalidation', id, () =>
            cloudFront.send(new GetInvalidationCommand({ DistributionId: id, Id: invalidationId })),
          )
      return progressOf(Invalidation)
    },
  }
  return port

  async function readTenants(template: Distribution): Promise<Distribution[]> {
    const tenants: Distribution[] = []
    let marker: string | undefined
    do {
      const page = await asking('ListDistributionTenants', template.id, () =>
        cloudFront.send(
          new ListDistributionTenantsCommand({ AssociationFilter: { DistributionId: template.id }, Marker: marker }),
        ),
      )
      for (const { Id } of page.DistributionTenantList ?? []) {
        const { DistributionTenant } = await asking('GetDistributionTenant', Id ?? '', () =>
          cloudFront.send(new GetDistributionTenantCommand({ Identifier: Id })),
        )
        if (DistributionTenant !== undefined) tenants.push(toTenant(template, DistributionTenant))
      }
      marker = page.NextMarker
    } while (marker !== undefined && marker !== '')
    return tenants
  }

  /** What may not be read is left out; the plan then says so and purges more. */
  async function readFunctionCode(distribution: SdkDistribution): Promise<ReadonlyMap<string, string>> {
    const read = await Promise.all(
      viewerRequestFunctionNames(distribution).map(async (name): Promise<[string, string] | undefined> => {
        try {
          const { FunctionCode } = await asking('GetFunction', name, () =>
            cloudFront.send(new GetFunctionCommand({ Name: name, Stage: 'LIVE' })),
          )
          return [name, Buffer.from(FunctionCode ?? []).toString('utf8')]
        } catch (error) {
          if (error instanceof FreshfrontError && error.code === 'ACCESS_DENIED') return undefined
          throw error
        }
      }),
    )
    return new Map(read.filter((entry) => entry !== undefined))
  }

  async function readPolicies(distribution: SdkDistribution): Promise<CachePolicies> {
    const ids = customCachePolicyIds(distribution)
    const read = await Promise.all(
      ids.map(async (id): Promise<[string, CacheRules]> => {
        const { CachePolicy } = await asking('GetCachePolicy', id, () =>
          cloudFront.send(new GetCachePolicyCommand({ Id: id })),
        )
        return [id, toCacheRules(CachePolicy?.CachePolicyConfig)]
      }),
    )
    return new Map(read)
  }
}

/**
 * The SDK tries a throttled request again five times within seconds, unseen and not to be stopped. Invalidations are backed off from for
 * minutes, which is the sending step's to do: it gets the first refusal. As the cause of this error it would be looked at by the SDK.
 */
function leaveThrottledInvalidations(cloudFront: CloudFrontClient): void {
  cloudFront.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        try {
          return await next(args)
        } catch (error) {
          if (!commandName.startsWith('CreateInvalidation') || !isThrottling(error)) throw error
          const { DistributionId, Id } = args.input as { readonly DistributionId?: string; readonly Id?: string }
          throw invalidationsThrottled(DistributionId ?? Id ?? '', awsErrorCode(error))
        }
      },
    // Retries happen in this step at high priority, so that one of low priority is inside of them.
    { step: 'finalizeRequest', priority: 'low', name: 'freshfrontLeaveThrottled' },
  )
}

/** @see CloudFront API Reference, DistributionTenant: ids begin with `dt_` */
function isTenant(id: string): boolean {
  return id.startsWith('dt_')
}

function progressOf(invalidation: Invalidation | undefined): InvalidationProgress {
  return { id: invalidation?.Id ?? '', status: invalidation?.Status === 'Completed' ? 'Completed' : 'InProgress' }
}
