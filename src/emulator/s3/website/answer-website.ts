// The website endpoint of a bucket: index documents, redirects and error documents in front of what anyone may read.
// Facts: S3 user guide, "Configuring an index document", "Configuring a custom error document", "Configuring a webpage
// redirect". Where no page says which headers a redirect carries, it carries none of the object's: a cache then keeps it
// for as long as caches keep what says nothing.

import type { EmulatorClock } from '../../clock.ts'
import type { HttpResponse } from '../../http-message.ts'
import { NO_BODY } from '../../http-message.ts'
import { splitOnce } from '../../sigv4-canonical.ts'
import { decodePath } from '../address.ts'
import { anonymousCaller } from '../authenticate.ts'
import type { BucketRequest } from '../operation.ts'
import { commonHeaders } from '../operation.ts'
import { getObject, headObject, mayRead } from '../operations/objects.ts'
import { S3Error } from '../s3-error.ts'
import type { Bucket, S3Store } from '../store.ts'
import type { HostedWebsite } from './configuration.ts'
import { errorHeaders, errorPage } from './error-page.ts'
import { findRoutingRule, locateRedirect } from './routing-rules.ts'
import type { WebsiteHost } from '../../website-host.ts'
import { websiteHost } from '../../website-host.ts'

export interface WebsiteRequest extends WebsiteHost {
  readonly method: string
  /** Raw path and query. Only a redirect of all requests keeps the query. */
  readonly target: string
  /** Names in lower case. `host` goes into redirects; without it the bucket's own endpoint does. */
  readonly headers: Readonly<Record<string, string>>
}

/** Answers as anyone: a signature is not looked at. Throws nothing that S3 would answer. */
export async function answerWebsite(
  request: WebsiteRequest,
  store: S3Store,
  clock: EmulatorClock,
): Promise<HttpResponse> {
  try {
    const bucket = findWebsite(request, store)
    const { website } = bucket.record
    if (website === undefined) {
      throw new S3Error('NoSuchWebsiteConfiguration', undefined, { BucketName: request.bucket })
    }
    if ('redirectAllRequestsTo' in website) {
      const { hostName, protocol = 'http' } = website.redirectAllRequestsTo
      return redirect(301, `${protocol}://${hostName}${request.target}`)
    }
    return await routeRequest(request, toObjectRequest(request, bucket, store, clock), website)
  } catch (error) {
    if (error instanceof S3Error) return errorPage(error, request.method)
    throw error
  }
}

function findWebsite({ method, bucket: name, region }: WebsiteRequest, store: S3Store): Bucket {
  if (method !== 'GET' && method !== 'HEAD') {
    throw new S3Error('MethodNotAllowed', undefined, { Method: method, ResourceType: 'OBJECT' })
  }
  const bucket = store.buckets.get(name)
  if (bucket === undefined) throw new S3Error('NoSuchBucket', undefined, { BucketName: name })
  if (region !== undefined && region !== bucket.record.region) {
    throw new S3Error('IncorrectEndpoint', undefined, { Endpoint: websiteHost(name, bucket.record.region) })
  }
  return bucket
}

function toObjectRequest(
  { target, headers }: WebsiteRequest,
  bucket: Bucket,
  store: S3Store,
  clock: EmulatorClock,
): BucketRequest {
  // In an anonymous request S3 reads `+` as a space.
  const key = decodePath(splitOnce(target.slice(1), '?')[0].replaceAll('+', ' '))
  const query = new URLSearchParams()
  return { ...anonymousCaller(headers), store, clock, bucketName: bucket.record.name, bucket, key, query }
}

/** Routing rules before the object is looked for, the object, and the rules for what failed. */
async function routeRequest(
  asked: WebsiteRequest,
  request: BucketRequest,
  website: HostedWebsite,
): Promise<HttpResponse> {
  const { routingRules = [] } = website
  const { key, bucket } = request
  const host = asked.headers['host'] ?? websiteHost(bucket.record.name, bucket.record.region)
  const follow = (failedWith: number | undefined): HttpResponse | undefined => {
    const rule = findRoutingRule(routingRules, key, failedWith)
    return rule && redirect(rule.redirect.httpRedirectCode ?? 301, locateRedirect(rule, key, host))
  }
  const early = follow(undefined)
  if (early !== undefined) return early
  try {
    return await answerPage(asked, request, website)
  } catch (error) {
    if (!(error instanceof S3Error)) throw error
    return follow(error.status) ?? (await answerFailure(asked.method, request, website, error))
  }
}

async function answerPage(
  { method, target }: WebsiteRequest,
  request: BucketRequest,
  { indexDocument }: HostedWebsite,
): Promise<HttpResponse> {
  const { key, bucket } = request
  if (key === '' || key.endsWith('/')) return readPage(method, { ...request, key: key + indexDocument })
  if (!bucket.objects.has(key)) {
    const index = bucket.objects.get(`${key}/${indexDocument}`)
    if (index !== undefined && mayRead(request, index)) return redirectToFolder(method, splitOnce(target, '?')[0])
  }
  return readPage(method, request)
}

/** The object, or the redirect it stands for. */
async function readPage(method: string, request: BucketRequest): Promise<HttpResponse> {
  const object = request.bucket.objects.get(request.key)
  const location = object?.metadata.headers['x-amz-website-redirect-location']
  if (location !== undefined && mayRead(request, object)) return redirect(301, location)
  return method === 'HEAD' ? headObject(request) : getObject(request)
}

/** The error document under the failure's own status, whatever conditions and range the request named. */
async function answerFailure(
  method: string,
  request: BucketRequest,
  { errorDocument }: HostedWebsite,
  error: S3Error,
): Promise<HttpResponse> {
  if (errorDocument === undefined) return errorPage(error, method)
  try {
    const page = await readPage(method, { ...request, key: errorDocument, headers: {} })
    if (page.status === 301) return page
    return { ...page, status: error.status, headers: { ...page.headers, ...errorHeaders(error) } }
  } catch (documentError) {
    if (documentError instanceof S3Error) return errorPage(error, method, documentError)
    throw documentError
  }
}

function redirect(status: number, location: string): HttpResponse {
  return { status, headers: { ...commonHeaders(), Location: location }, body: NO_BODY }
}

function redirectToFolder(method: string, path: string): HttpResponse {
  const page = errorPage({ code: 'Found', status: 302, message: 'Resource Found', details: {} }, method)
  return { ...page, headers: { ...page.headers, Location: `${path}/` } }
}
