// The API's operations on distributions: {List,Create,Get,Update,Delete}Distribution, GetDistributionConfig,
// ListTagsForResource. Facts: CloudFront API Reference, the page of each.

import { ApiError } from './api-error.ts'
import type { Reply, Route } from './api-route.ts'
import { locationOf, route } from './api-route.ts'
import type { Distribution, Distributions } from './distributions.ts'
import { distributionContent, distributionSummaryContent, listContent } from './documents.ts'
import type { Invalidations } from './invalidations.ts'
import { takePage } from './paging.ts'
import type { Tenants } from './tenants.ts'
import { toContent } from './xml-content.ts'

export interface DistributionRoutesOptions {
  readonly distributions: Distributions
  readonly invalidations: Invalidations
  readonly tenants: Tenants
}

export function distributionRoutes(options: DistributionRoutesOptions): readonly Route[] {
  const { distributions, invalidations, tenants } = options

  function replyWith(distribution: Distribution, status: number): Reply {
    const running = invalidations.list({ distributionId: distribution.id }).filter((one) => one.status === 'InProgress')
    return {
      status,
      headers: { ETag: distribution.etag },
      root: 'Distribution',
      content: distributionContent(distribution, running.length),
    }
  }

  return [
    route('GET', 'distribution', ({ query }) => ({
      root: 'DistributionList',
      content: listContent(takePage(distributions.list(), query), 'DistributionSummary', distributionSummaryContent),
    })),
    route('POST', 'distribution', ({ query, readXml }) => {
      if (query.has('WithTags')) {
        throw new ApiError('NotImplemented', 501, 'The embedded CloudFront keeps no resource tags.')
      }
      const created = distributions.create(readXml())
      const reply = replyWith(created, 201)
      return { ...reply, headers: { ...reply.headers, Location: locationOf(`distribution/${created.id}`) } }
    }),
    route('GET', 'distribution/{}', ({ ids: [id = ''] }) => replyWith(distributions.get(id), 200)),
    route('DELETE', 'distribution/{}', ({ ids: [id = ''], headers }) => {
      const hasTenants = tenants.list().some((tenant) => tenant.distributionId === id)
      distributions.remove(id, headers['if-match'], hasTenants)
      return { status: 204 }
    }),
    route('GET', 'distribution/{}/config', ({ ids: [id = ''] }) => {
      const { etag, configXml } = distributions.get(id)
      return { headers: { ETag: etag }, root: 'DistributionConfig', content: toContent(configXml) }
    }),
    route('PUT', 'distribution/{}/config', ({ ids: [id = ''], headers, readXml }) =>
      replyWith(distributions.update(id, readXml(), headers['if-match']), 200),
    ),
    route('GET', 'tagging', ({ query }) => {
      if (!distributions.list().some((one) => one.arn === query.get('Resource'))) {
        throw new ApiError('NoSuchResource', 404, 'A resource that was specified is not valid.')
      }
      return { root: 'Tags', content: { Items: '' } }
    }),
  ]
}
