// The API's operations on cache policies: {Create,Get,Delete}CachePolicy, GetCachePolicyConfig, ListCachePolicies.
// Facts: CloudFront API Reference, the page of each.

import { invalidArgument } from './api-error.ts'
import type { Reply, Route } from './api-route.ts'
import { locationOf, route } from './api-route.ts'
import { checkQuantities } from './distribution-config.ts'
import type { Distributions } from './distributions.ts'
import { cachePolicyConfigContent, cachePolicyContent, shortListContent } from './documents.ts'
import type { CachePolicies } from './own-cache-policies.ts'
import { readCachePolicyConfig } from './own-cache-policies.ts'
import { takePage } from './paging.ts'

/** The managed policies have had one version. */
const MANAGED_ETAG = 'E23ZP02F085DFQ'

export function cachePolicyRoutes(policies: CachePolicies, distributions: Distributions): readonly Route[] {
  function replyWith(id: string, status: number): Reply {
    const policy = policies.get(id)
    const headers = { ETag: 'etag' in policy ? policy.etag : MANAGED_ETAG }
    return { status, headers, root: 'CachePolicy', content: cachePolicyContent(policy) }
  }

  return [
    route('GET', 'cache-policy', ({ query }) => {
      const type = query.get('Type') ?? undefined
      if (type !== undefined && type !== 'managed' && type !== 'custom') {
        throw invalidArgument(`There is no type of cache policies "${type}".`)
      }
      const page = takePage(policies.list(type), query)
      const content = shortListContent(page, 'CachePolicySummary', (policy) => ({
        Type: 'etag' in policy ? 'custom' : 'managed',
        CachePolicy: cachePolicyContent(policy),
      }))
      return { root: 'CachePolicyList', content }
    }),
    route('POST', 'cache-policy', ({ readXml }) => {
      const sent = readXml()
      checkQuantities(sent)
      const { id } = policies.create(readCachePolicyConfig(sent))
      const reply = replyWith(id, 201)
      return { ...reply, headers: { ...reply.headers, Location: locationOf(`cache-policy/${id}`) } }
    }),
    route('GET', 'cache-policy/{}', ({ ids: [id = ''] }) => replyWith(id, 200)),
    route('GET', 'cache-policy/{}/config', ({ ids: [id = ''] }) => ({
      ...replyWith(id, 200),
      root: 'CachePolicyConfig',
      content: cachePolicyConfigContent(policies.get(id)),
    })),
    route('DELETE', 'cache-policy/{}', ({ ids: [id = ''], headers }) => {
      const behaviors = distributions.list().flatMap(({ config }) => config.behaviors)
      const isInUse = behaviors.some(({ cachePolicy }) => 'id' in cachePolicy && cachePolicy.id === id)
      policies.remove(id, headers['if-match'], isInUse)
      return { status: 204 }
    }),
  ]
}
