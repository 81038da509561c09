// The API's operations on invalidations, of a distribution and of one tenant: {Create,Get,List}Invalidation(s) and
// {Create,Get,List}Invalidation(s)ForDistributionTenant. Facts: CloudFront API Reference, the page of each.

import type { XmlElement } from '../xml.ts'
import { childAt, childrenNamed, textAt } from '../xml.ts'
import { ApiError } from './api-error.ts'
import type { Route } from './api-route.ts'
import { locationOf, route } from './api-route.ts'
import { checkQuantities } from './distribution-config.ts'
import type { Distribution, Distributions } from './distributions.ts'
import { invalidationContent, invalidationSummaryContent, listContent } from './documents.ts'
import type { InvalidationBatch, Invalidations, InvalidationScope } from './invalidations.ts'
import { takePage } from './paging.ts'
import type { Tenants } from './tenants.ts'

export interface InvalidationRoutesOptions {
  readonly distributions: Distributions
  readonly invalidations: Invalidations
  readonly tenants: Tenants
}

export function invalidationRoutes(options: InvalidationRoutesOptions): readonly Route[] {
  const { distributions, invalidations, tenants } = options
  return [
    ...routesBelow('distribution', invalidations, (id) => distributions.get(id)),
    ...routesBelow('distribution-tenant', invalidations, (id) => tenants.toDistribution(tenants.get(id))),
  ]
}

/** @param find the distribution, or the tenant's own view of it */
function routesBelow(
  parent: string,
  invalidations: Invalidations,
  find: (id: string) => Distribution,
): readonly Route[] {
  const scopeOf = (id: string): InvalidationScope => {
    const { id: distributionId, tenant } = find(id)
    return { distributionId, tenantId: tenant?.id }
  }
  return [
    route('POST', `${parent}/{}/invalidation`, ({ ids: [id = ''], readXml }) => {
      const created = invalidations.create(find(id), readInvalidationBatch(readXml()))
      return {
        status: 201,
        headers: { Location: locationOf(`${parent}/${id}/invalidation/${created.id}`) },
        root: 'Invalidation',
        content: invalidationContent(created),
      }
    }),
    route('GET', `${parent}/{}/invalidation`, ({ ids: [id = ''], query }) => {
      const page = takePage(invalidations.list(scopeOf(id)), query)
      return { root: 'InvalidationList', content: listContent(page, 'InvalidationSummary', invalidationSummaryContent) }
    }),
    route('GET', `${parent}/{}/invalidation/{}`, ({ ids: [id = '', invalidationId = ''] }) => ({
      root: 'Invalidation',
      content: invalidationContent(invalidations.get(scopeOf(id), invalidationId)),
    })),
  ]
}

function readInvalidationBatch(batch: XmlElement): InvalidationBatch {
  checkQuantities(batch)
  const callerReference = textAt(batch, 'CallerReference')
  if (callerReference === undefined || callerReference === '') {
    throw new ApiError('MalformedXML', 400, 'The invalidation batch lacks a CallerReference.')
  }
  const items = childAt(batch, 'Paths', 'Items')
  return { callerReference, items: items === undefined ? [] : childrenNamed(items, 'Path').map((path) => path.text) }
}
