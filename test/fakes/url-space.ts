// A UrlSpace for planning tests: one distribution over the bucket "site", functions given as plain JavaScript functions.

import type { BucketWebsite, CacheBehavior, Distribution, UrlRule } from '../../src/model.ts'
import type { FunctionAnswer, UrlSpace } from '../../src/plan/url-space.ts'
import { distribution } from './nouns.ts'

const REST_HOST = 'site.s3.eu-west-1.amazonaws.com'
export const WEBSITE_HOST = 'site.s3-website-eu-west-1.amazonaws.com'

export interface SpaceOptions {
  readonly distribution?: Partial<Distribution>
  readonly website?: BucketWebsite
  readonly urls?: readonly UrlRule[]
  /** The viewer-request function of the default behavior. */
  readonly rewrite?: (uri: string, host: string) => FunctionAnswer | string
}

export function urlSpace({ distribution: changes = {}, website, urls = [], rewrite }: SpaceOptions = {}): UrlSpace {
  const viewerRequest = { kind: 'function' as const, name: 'rewrite', code: 'function handler() {}' }
  const behaviors = rewrite === undefined ? {} : { behaviors: [behavior({ viewerRequest })] }
  return {
    bucket: 'site',
    distribution: distribution({ ...behaviors, ...changes }),
    website,
    urls,
    runFunction(_, uri, host) {
      const answer = rewrite?.(uri, host) ?? uri
      return typeof answer === 'string' ? { kind: 'uri', uri: answer } : answer
    },
  }
}

export function behavior(changes: Partial<CacheBehavior> = {}): CacheBehavior {
  return {
    pathPattern: '*',
    targetOriginId: 'bucket',
    queryStringsInCacheKey: false,
    minTtlSeconds: 0,
    maxTtlSeconds: 31_536_000,
    ...changes,
  }
}

export function origin(
  originPath: string,
  domainName: string = REST_HOST,
  id: string = 'bucket',
): Distribution['origins'][number] {
  return { id, domainName, originPath }
}

/** The usual function: folders, and names without an extension, stand for their index.html. */
export function appendIndex(uri: string): string {
  if (uri.endsWith('/')) return `${uri}index.html`
  return uri.slice(uri.lastIndexOf('/')).includes('.') ? uri : `${uri}/index.html`
}
