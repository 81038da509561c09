// The API's operations on CloudFront functions: {Create,Update,Publish,Describe,Get,Test,Delete}Function, ListFunctions.
// Facts: CloudFront API Reference, the page of each.

import type { EmulatorClock } from '../clock.ts'
import type { XmlContent, XmlElement } from '../xml.ts'
import { childAt, textAt } from '../xml.ts'
import { ApiError, invalidArgument } from './api-error.ts'
import type { Call, Reply, Route } from './api-route.ts'
import { locationOf, route } from './api-route.ts'
import type { FunctionEvent } from './behavior-config.ts'
import type { Distributions } from './distributions.ts'
import { shortListContent, toIsoTime } from './documents.ts'
import { isResponse } from './function-event.ts'
import type { FunctionRuntime, FunctionSandbox } from './function-sandbox.ts'
import type { EdgeFunction, EdgeFunctions, FunctionStage, FunctionVersion, NewFunctionVersion } from './functions.ts'
import { takePage } from './paging.ts'
import { listItems } from './xml-content.ts'

export interface FunctionRoutesOptions {
  readonly clock: EmulatorClock
  readonly functions: EdgeFunctions
  readonly distributions: Distributions
  readonly sandbox: FunctionSandbox
}

export function functionRoutes(options: FunctionRoutesOptions): readonly Route[] {
  const { functions, distributions } = options

  function isInUse(name: string): boolean {
    const arn = functions.find(name)?.arn
    const behaviors = distributions.list().flatMap(({ config }) => config.behaviors)
    const events: readonly FunctionEvent[] = ['viewer-request', 'viewer-response']
    return behaviors.some((behavior) => events.some((event) => behavior.functions[event] === arn))
  }

  return [
    route('GET', 'function', ({ query }) => {
      const stage = query.has('Stage') ? stageOf(query.get('Stage')) : undefined
      const versions = functions.list().flatMap((one) => listVersions(one, stage))
      const page = takePage(versions, query)
      return { root: 'FunctionList', content: shortListContent(page, 'FunctionSummary', ({ content }) => content) }
    }),
    route('POST', 'function', ({ readXml }) => {
      const sent = readXml()
      const created = functions.create(textAt(sent, 'Name') ?? '', readVersion(sent))
      const reply = replyWith(created, created.development, 'DEVELOPMENT', 201)
      return { ...reply, headers: { ...reply.headers, Location: locationOf(`function/${created.name}`) } }
    }),
    route('GET', 'function/{}/describe', ({ ids: [name = ''], query }) => {
      const stage = stageOf(query.get('Stage'))
      const { found, version } = functions.get(name, stage)
      return replyWith(found, version, stage, 200)
    }),
    route('GET', 'function/{}', ({ ids: [name = ''], query }) => {
      const { version } = functions.get(name, stageOf(query.get('Stage')))
      const headers = { ETag: version.etag, 'Content-Type': 'application/octet-stream' }
      return { headers, bytes: Buffer.from(version.code) }
    }),
    route('PUT', 'function/{}', ({ ids: [name = ''], headers, readXml }) => {
      const updated = functions.update(name, readVersion(readXml()), headers['if-match'])
      const reply = replyWith(updated, updated.development, 'DEVELOPMENT', 200)
      // Spelt so in the service's own model, and read so by every SDK.
      return { ...reply, headers: { ...reply.headers, ETtag: updated.development.etag } }
    }),
    route('POST', 'function/{}/publish', ({ ids: [name = ''], headers }) => {
      const published = functions.publish(name, headers['if-match'])
      return replyWith(published, published.live ?? published.development, 'LIVE', 200)
    }),
    route('POST', 'function/{}/test', (call) => testFunction(call, options)),
    route('DELETE', 'function/{}', ({ ids: [name = ''], headers }) => {
      functions.remove(name, headers['if-match'], isInUse(name))
      return { status: 204 }
    }),
  ]
}

function testFunction({ ids: [name = ''], headers, readXml }: Call, options: FunctionRoutesOptions): Reply {
  const { functions, sandbox, clock } = options
  const sent = readXml()
  const stage = stageOf(textAt(sent, 'Stage') ?? null)
  const { found, version } = functions.get(name, stage)
  functions.checkVersion(version, headers['if-match'])
  const event = parseEvent(Buffer.from(textAt(sent, 'EventObject') ?? '', 'base64').toString('utf8'))
  const { value, error, logs, computeUtilization } = sandbox.run(version, { event, nowMs: clock.nowMs() })
  const output = JSON.stringify(isResponse(value) ? { response: value } : { request: value })
  return {
    root: 'TestResult',
    content: {
      FunctionSummary: summaryContent(found, version, stage),
      ComputeUtilization: String(computeUtilization),
      FunctionExecutionLogs: { member: logs },
      FunctionErrorMessage: error ?? '',
      FunctionOutput: error === undefined ? output : '',
    },
  }
}

function parseEvent(json: string): object {
  try {
    const event: unknown = JSON.parse(json)
    if (typeof event === 'object' && event !== null) return event
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new ApiError('TestFunctionFailed', 500, 'The event object is not a JSON object.')
}

/** `ListFunctions` without a stage shows both stages. */
function listVersions(found: EdgeFunction, stage: FunctionStage | undefined): { id: string; content: XmlContent }[] {
  const stages: readonly FunctionStage[] = stage === undefined ? ['DEVELOPMENT', 'LIVE'] : [stage]
  return stages.flatMap((one) => {
    const version = one === 'LIVE' ? found.live : found.development
    return version === undefined ? [] : [{ id: `${found.name} ${one}`, content: summaryContent(found, version, one) }]
  })
}

function replyWith(found: EdgeFunction, version: FunctionVersion, stage: FunctionStage, status: number): Reply {
  const content = summaryContent(found, version, stage)
  return { status, headers: { ETag: version.etag }, root: 'FunctionSummary', content }
}

function summaryContent(found: EdgeFunction, version: FunctionVersion, stage: FunctionStage): XmlContent {
  const isPublished = found.live?.etag === found.development.etag
  return {
    Name: found.name,
    Status: isPublished ? 'DEPLOYED' : 'UNPUBLISHED',
    FunctionConfig: { Comment: version.comment, Runtime: version.runtime },
    FunctionMetadata: {
      FunctionARN: found.arn,
      Stage: stage,
      CreatedTime: toIsoTime(version.createdMs),
      LastModifiedTime: toIsoTime(version.lastModifiedMs),
    },
  }
}

function readVersion(sent: XmlElement): NewFunctionVersion {
  const config = childAt(sent, 'FunctionConfig')
  if (config === undefined) throw invalidArgument('The parameter FunctionConfig is required.')
  if (listItems(config, 'KeyValueStoreAssociations').length > 0) {
    throw invalidArgument('The embedded CloudFront has no key value stores: send no KeyValueStoreAssociations.')
  }
  return {
    code: Buffer.from(textAt(sent, 'FunctionCode') ?? '', 'base64').toString('utf8'),
    comment: textAt(config, 'Comment') ?? '',
    // Checked where it is made.
    runtime: (textAt(config, 'Runtime') ?? '') as FunctionRuntime,
  }
}

function stageOf(text: string | null): FunctionStage {
  if (text === null || text === 'DEVELOPMENT') return 'DEVELOPMENT'
  if (text === 'LIVE') return 'LIVE'
  throw invalidArgument(`There is no stage "${text}".`)
}
