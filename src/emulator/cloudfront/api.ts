// The CloudFront API, version 2020-05-31, REST-XML: checks the signature, finds the operation, answers or refuses.
// Operations: {List,Create,Get,Update,Delete}Distribution, GetDistributionConfig, {Create,Get,List}Invalidation(s),
// GetCachePolicy(Config) of the managed policies, ListTagsForResource. Any other is answered 501 NotImplemented.

import { BodyRefused } from '../body-refused.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'
import { NO_BODY, readBody } from '../http-message.ts'
import type { Credentials } from '../sigv4.ts'
import { verifySignature } from '../sigv4.ts'
import type { XmlContent, XmlElement } from '../xml.ts'
import { childAt, childrenNamed, parseXml, textAt, writeXml, XmlMalformed } from '../xml.ts'
import { API_NAMESPACE, ApiError, errorResponse } from './api-error.ts'
import { findManagedCachePolicy } from './cache-policies.ts'
import { checkQuantities } from './distribution-config.ts'
import type { Distribution, Distributions } from './distributions.ts'
import {
  cachePolicyConfigContent,
  cachePolicyContent,
  distributionContent,
  distributionSummaryContent,
  invalidationContent,
  invalidationSummaryContent,
  listContent,
} from './documents.ts'
import type { InvalidationBatch, Invalidations } from './invalidations.ts'
import { splitTarget } from './lookup.ts'
import { takePage } from './paging.ts'
import type { SeededRandom } from './seeded-random.ts'
import { HEX } from './seeded-random.ts'
import { toContent } from './xml-content.ts'

export interface ApiOptions {
  readonly distributions: Distributions
  readonly invalidations: Invalidations
  readonly credentials: readonly Credentials[]
  readonly random: SeededRandom
}

interface Call {
  /** The parts of the path that the route names, in order. */
  readonly ids: readonly string[]
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  /** Parsed; throws `MissingBody` where there is none. */
  readonly readXml: () => XmlElement
}

interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly root?: string
  readonly content?: XmlContent
}

type Route = readonly [method: string, path: RegExp, operation: (call: Call) => Reply]

/** CloudFront is a global service, and signed for this one region. */
const SIGNING_REGION = 'us-east-1'

export function createApi(options: ApiOptions): (request: HttpRequest) => Promise<HttpResponse> {
  const { credentials, random } = options
  const routes = createRoutes(options)

  async function run(request: HttpRequest, requestId: string): Promise<HttpResponse> {
    // The machine's time, not the emulator's: clients sign with their own clock.
    const verdict = await verifySignature(request, { credentials, service: 'cloudfront', nowMs: Date.now() })
    if (!verdict.ok) return errorResponse(verdict, requestId)
    if (verdict.region !== SIGNING_REGION) {
      const message = `Credential should be scoped to a valid region, not '${verdict.region}'.`
      return errorResponse({ code: 'SignatureDoesNotMatch', status: 403, message }, requestId)
    }
    const body = await readBody(verdict.body)
    const { path, query } = splitTarget(request.target)
    for (const [method, pattern, operation] of routes) {
      const found = method === request.method ? pattern.exec(path) : null
      if (found === null) continue
      const ids = found.slice(1).map((id) => decodeURIComponent(id))
      const readXml = () => parseBody(body.toString('utf8'))
      return write(operation({ ids, query: new URLSearchParams(query), headers: request.headers, readXml }), requestId)
    }
    throw new ApiError('NotImplemented', 501, `The embedded CloudFront has no operation ${request.method} ${path}.`)
  }

  return async (request) => {
    const requestId = [8, 4, 4, 4, 12].map((length) => random.text(length, HEX)).join('-')
    try {
      return await run(request, requestId)
    } catch (error) {
      if (error instanceof ApiError || error instanceof BodyRefused) return errorResponse(error, requestId)
      throw error
    }
  }
}

function createRoutes({ distributions, invalidations }: ApiOptions): readonly Route[] {
  const versioned = (path: string): RegExp => new RegExp(`^/2020-05-31/${path.replaceAll('{}', '([^/]+)')}/?$`)

  function replyWith(distribution: Distribution, status: number): Reply {
    const running = invalidations.list(distribution.id).filter((one) => one.status === 'InProgress')
    return {
      status,
      headers: { ETag: distribution.etag },
      root: 'Distribution',
      content: distributionContent(distribution, running.length),
    }
  }

  return [
    [
      'GET',
      versioned('distribution'),
      ({ query }) => ({
        root: 'DistributionList',
        content: listContent(takePage(distributions.list(), query), 'DistributionSummary', distributionSummaryContent),
      }),
    ],
    [
      'POST',
      versioned('distribution'),
      ({ query, readXml }) => {
        if (query.has('WithTags')) {
          throw new ApiError('NotImplemented', 501, 'The embedded CloudFront keeps no resource tags.')
        }
        const created = distributions.create(readXml())
        const reply = replyWith(created, 201)
        return { ...reply, headers: { ...reply.headers, Location: locationOf(`distribution/${created.id}`) } }
      },
    ],
    ['GET', versioned('distribution/{}'), ({ ids: [id = ''] }) => replyWith(distributions.get(id), 200)],
    [
      'DELETE',
      versioned('distribution/{}'),
      ({ ids: [id = ''], headers }) => {
        distributions.remove(id, headers['if-match'])
        return { status: 204 }
      },
    ],
    [
      'GET',
      versioned('distribution/{}/config'),
      ({ ids: [id = ''] }) => {
        const { etag, configXml } = distributions.get(id)
        return { headers: { ETag: etag }, root: 'DistributionConfig', content: toContent(configXml) }
      },
    ],
    [
      'PUT',
      versioned('distribution/{}/config'),
      ({ ids: [id = ''], headers, readXml }) =>
        replyWith(distributions.update(id, readXml(), headers['if-match']), 200),
    ],
    [
      'POST',
      versioned('distribution/{}/invalidation'),
      ({ ids: [id = ''], readXml }) => {
        const created = invalidations.create(distributions.get(id), readInvalidationBatch(readXml()))
        return {
          status: 201,
          headers: { Location: locationOf(`distribution/${id}/invalidation/${created.id}`) },
          root: 'Invalidation',
          content: invalidationContent(created),
        }
      },
    ],
    [
      'GET',
      versioned('distribution/{}/invalidation'),
      ({ ids: [id = ''], query }) => {
        const page = takePage(invalidations.list(distributions.get(id).id), query)
        return {
          root: 'InvalidationList',
          content: listContent(page, 'InvalidationSummary', invalidationSummaryContent),
        }
      },
    ],
    [
      'GET',
      versioned('distribution/{}/invalidation/{}'),
      ({ ids: [id = '', invalidationId = ''] }) => ({
        root: 'Invalidation',
        content: invalidationContent(invalidations.get(distributions.get(id).id, invalidationId)),
      }),
    ],
    [
      'GET',
      versioned('cache-policy/{}'),
      ({ ids: [id = ''] }) => ({
        headers: { ETag: 'E23ZP02F085DFQ' },
        root: 'CachePolicy',
        content: cachePolicyContent(getCachePolicy(id)),
      }),
    ],
    [
      'GET',
      versioned('cache-policy/{}/config'),
      ({ ids: [id = ''] }) => ({
        headers: { ETag: 'E23ZP02F085DFQ' },
        root: 'CachePolicyConfig',
        content: cachePolicyConfigContent(getCachePolicy(id)),
      }),
    ],
    [
      'GET',
      versioned('tagging'),
      ({ query }) => {
        if (!distributions.list().some((one) => one.arn === query.get('Resource'))) {
          throw new ApiError('NoSuchResource', 404, 'A resource that was specified is not valid.')
        }
        return { root: 'Tags', content: { Items: '' } }
      },
    ],
  ]
}

function getCachePolicy(id: string) {
  const policy = findManagedCachePolicy(id)
  if (policy === undefined) throw new ApiError('NoSuchCachePolicy', 404, 'The cache policy does not exist.')
  return policy
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

function parseBody(body: string): XmlElement {
  if (body.trim() === '') {
    throw new ApiError('MissingBody', 400, 'This operation requires a body. Ensure that the body is present.')
  }
  try {
    return parseXml(body)
  } catch (error) {
    if (error instanceof XmlMalformed) throw new ApiError('MalformedInput', 400, error.message)
    throw error
  }
}

function locationOf(path: string): string {
  return `https://cloudfront.amazonaws.com/2020-05-31/${path}`
}

function write({ status = 200, headers = {}, root, content }: Reply, requestId: string): HttpResponse {
  if (root === undefined || content === undefined) {
    return { status, headers: { 'x-amzn-RequestId': requestId, ...headers }, body: NO_BODY }
  }
  return {
    status,
    headers: { 'x-amzn-RequestId': requestId, 'Content-Type': 'text/xml', ...headers },
    body: Buffer.from(writeXml(root, content, API_NAMESPACE)),
  }
}
