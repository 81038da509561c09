// Runs the functions that a behavior names, before the cache is asked and before the viewer is answered.
// Facts: CloudFront Developer Guide, "Restrictions on all edge functions"; X-Cache and the statuses as users report them.

import type { EmulatorClock } from '../clock.ts'
import { NO_BODY } from '../http-message.ts'
import type { CacheBehavior, FunctionEvent } from './behavior-config.ts'
import type { Distribution } from './distributions.ts'
import type { EventRequest, RewrittenRequest } from './function-event.ts'
import {
  FunctionAnswerInvalid,
  isResponse,
  readGeneratedResponse,
  readRewrittenRequest,
  toEventRequest,
  toEventResponse,
} from './function-event.ts'
import type { FunctionSandbox } from './function-sandbox.ts'
import type { EdgeFunctions } from './functions.ts'
import { splitTarget } from './lookup.ts'
import type { Headers } from './ttl.ts'
import { edgeErrorPage } from './viewer-errors.ts'
import type { ViewerResponse } from './viewer-response.ts'

/** Changed or not; or a response in its place. */
export type ViewerRequestOutcome =
  | { readonly kind: 'request'; readonly request: RewrittenRequest }
  | { readonly kind: 'response'; readonly made: ViewerResponse }

export interface ViewerRequest {
  readonly distribution: Distribution
  readonly behavior: CacheBehavior
  readonly method: string
  readonly target: string
  readonly headers: Headers
  readonly requestId: string
}

export interface ViewerFunctions {
  /** The viewer-request function of the behavior; the request as it is where there is none. */
  onRequest(request: ViewerRequest): ViewerRequestOutcome
  /**
   * The viewer-response function of the behavior; the response as it is where there is none.
   *
   * @param request as the viewer-request function left it
   * @param found without the headers that the edge location adds
   */
  onResponse(request: ViewerRequest, found: ViewerResponse): ViewerResponse
}

export interface ViewerFunctionsOptions {
  readonly clock: EmulatorClock
  readonly sandbox: FunctionSandbox
  readonly functions: EdgeFunctions
}

/** The emulator is reached over loopback. */
const VIEWER_IP = '127.0.0.1'

export function createViewerFunctions({ clock, sandbox, functions }: ViewerFunctionsOptions): ViewerFunctions {
  function run(eventType: FunctionEvent, request: ViewerRequest, event: { request: EventRequest; response?: object }) {
    const { distribution, behavior, requestId, target } = request
    const arn = behavior.functions[eventType] ?? ''
    const program = functions.findByArn(arn)?.live
    if (program === undefined) return { error: `There is no published function ${arn}.`, value: undefined }
    const domain = distribution.tenant === undefined ? 'distributionDomainName' : 'endpoint'
    const context = { [domain]: distribution.domainName, distributionId: distribution.id, eventType, requestId }
    return sandbox.run(program, {
      event: { version: '1.0', context, viewer: { ip: VIEWER_IP }, ...event },
      rawQueryString: splitTarget(target).query,
      nowMs: clock.nowMs(),
    })
  }

  return {
    onRequest(request) {
      const { method, target, headers, behavior } = request
      if (behavior.functions['viewer-request'] === undefined) return { kind: 'request', request: { target, headers } }
      const event = toEventRequest(method, target, headers)
      const outcome = run('viewer-request', request, { request: event })
      if (outcome.error !== undefined) return { kind: 'response', made: executionError(outcome.error) }
      try {
        if (isResponse(outcome.value)) return { kind: 'response', made: generated(outcome.value, method) }
        return { kind: 'request', request: readRewrittenRequest(outcome.value, { event, target, headers }) }
      } catch (error) {
        return { kind: 'response', made: validationError(error) }
      }
    },
    onResponse(request, found) {
      if (request.behavior.functions['viewer-response'] === undefined) return found
      const { response, xCache } = found
      const event = {
        request: toEventRequest(request.method, request.target, request.headers),
        response: toEventResponse(response.status, response.headers),
      }
      const outcome = run('viewer-response', request, event)
      if (outcome.error !== undefined) return executionError(outcome.error)
      try {
        const given = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, { value }]))
        const { status, headers, body } = readGeneratedResponse(outcome.value, given)
        return { response: { status, headers, body: body ?? response.body }, xCache }
      } catch (error) {
        return validationError(error)
      }
    },
  }
}

function generated(value: unknown, method: string): ViewerResponse {
  const { status, headers, body } = readGeneratedResponse(value)
  const response = { status, headers: { server: 'CloudFront', ...headers }, body: body ?? NO_BODY }
  return {
    response: method === 'HEAD' ? { ...response, body: NO_BODY } : response,
    xCache: 'FunctionGeneratedResponse from cloudfront',
  }
}

function executionError(reason: string): ViewerResponse {
  const page = edgeErrorPage(
    503,
    `The CloudFront function associated with the CloudFront distribution is invalid or could not run. ${reason}`,
  )
  return { response: page, xCache: 'FunctionExecutionError from cloudfront' }
}

function validationError(error: unknown): ViewerResponse {
  if (!(error instanceof FunctionAnswerInvalid)) throw error
  const page = edgeErrorPage(502, `The CloudFront function returned an invalid value. ${error.message}`)
  return { response: page, xCache: 'FunctionValidationError from cloudfront' }
}
