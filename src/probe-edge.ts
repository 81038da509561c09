// What a visitor gets at the edge: a page of the site, and what Freshfront remembers beside it.

import { attempt } from './attempt.ts'
import { FreshfrontError } from './errors.ts'
import { etagsMatchWeakly } from './http/etag.ts'
import { keyToViewerPath } from './http/paths.ts'
import type { Config, Distribution, EdgeAddress, EdgeProbe, Key, Reading, StateFacts } from './model.ts'
import { ownAddresses, planAddresses } from './plan/edge-addresses.ts'
import { keyBelowOriginPath, originsOfBucket, type UrlSpace } from './plan/url-space.ts'
import type { Viewer } from './ports.ts'
import { stateKey } from './state/state-keys.ts'

/** Where each distribution is asked: at the addresses of the settings, else by its own name. */
export function chooseAddresses(
  distributions: readonly Distribution[],
  config: Config,
  edges: readonly string[],
): { readonly addresses: readonly EdgeAddress[]; readonly unclaimedAddress?: string } {
  const choose = (settings: Pick<Config, 'verifyUrls' | 'resolve'>): EdgeAddress[] => [
    ...planAddresses({ distributions, config: settings, edges }),
    ...(edges.length > 0 ? [] : ownAddresses(distributions)),
  ]
  try {
    return { addresses: choose(config) }
  } catch (error) {
    if (!(error instanceof FreshfrontError)) throw error
    return { addresses: choose({}), unclaimedAddress: error.message }
  }
}

export interface EdgeQuestion {
  readonly space: UrlSpace
  readonly address: EdgeAddress
  readonly prefix: string
  readonly state: StateFacts | undefined
}

/** Asks for the state as any visitor could, and for a page, to know whether the edge reads the bucket at all. */
export async function askEdge(
  { space, address: { origin, address }, prefix, state }: EdgeQuestion,
  viewer: Viewer,
  signal: AbortSignal | undefined,
): Promise<Reading<EdgeProbe> | undefined> {
  const path = viewerPathOf(stateKey(prefix), space)
  if (path === undefined) return undefined
  const ask = (url: string): ReturnType<typeof viewer.ask> =>
    viewer.ask({
      method: 'HEAD',
      url,
      headers: {},
      decodes: false,
      ...(address !== undefined && { address }),
      ...(signal !== undefined && { signal }),
    })
  const pagePath = firstPage(state, space)
  return attempt(
    'HEAD',
    async () => {
      const answer = await ask(`${origin}${path}`)
      const page = pagePath === undefined ? undefined : await ask(`${origin}${pagePath}`)
      const etag = answer.headers['etag'] ?? ''
      return {
        stateUrl: `${origin}${path}`,
        stateStatus: answer.status,
        // A page for everything that is missing, as single-page applications have it, answers 200 too.
        showsState: answer.status === 200 && state !== undefined && etagsMatchWeakly(etag, state.etag),
        ...(page !== undefined && { pageStatus: page.status }),
      }
    },
    'EDGE_NOT_ASKED',
  )
}

function firstPage(state: StateFacts | undefined, space: UrlSpace): string | undefined {
  const key = [...(state?.keys ?? [])].find((each) => each.endsWith('.html'))
  return key === undefined ? undefined : viewerPathOf(key, space)
}

function viewerPathOf(key: Key, space: UrlSpace): string | undefined {
  for (const { originPath } of originsOfBucket(space)) {
    const relativeKey = keyBelowOriginPath(key, originPath)
    if (relativeKey !== undefined) return keyToViewerPath(relativeKey)
  }
  return undefined
}
