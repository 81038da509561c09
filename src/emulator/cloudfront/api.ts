// The CloudFront API, version 2020-05-31, REST-XML: checks the signature, finds the operation, answers or refuses. The
// operations are in the `…-routes.ts` files beside; any other is answered 501 NotImplemented.

import { BodyRefused } from '../body-refused.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'
import { readBody } from '../http-message.ts'
import type { Credentials } from '../sigv4.ts'
import { verifySignature } from '../sigv4.ts'
import type { XmlElement } from '../xml.ts'
import { parseXml, XmlMalformed } from '../xml.ts'
import { ApiError, errorResponse } from './api-error.ts'
import type { Route } from './api-route.ts'
import { writeReply } from './api-route.ts'
import { splitTarget } from './lookup.ts'
import type { SeededRandom } from './seeded-random.ts'
import { HEX } from './seeded-random.ts'

export interface ApiOptions {
  readonly routes: readonly Route[]
  readonly credentials: readonly Credentials[]
  readonly random: SeededRandom
}

/** CloudFront is a global service, and signed for this one region. */
const SIGNING_REGION = 'us-east-1'

export function createApi({
  routes,
  credentials,
  random,
}: ApiOptions): (request: HttpRequest) => Promise<HttpResponse> {
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
      const call = { ids, query: new URLSearchParams(query), headers: request.headers, readXml }
      return writeReply(operation(call), requestId)
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
