// The memory of one cache, at an edge location or at the regional edge cache behind them: responses by cache key, and
// what a purge does to them.

import type { Purgeable } from './purge-matching.ts'
import type { Headers } from './ttl.ts'

export interface StoredResponse {
  readonly status: number
  /** Names in lower case; no Content-Length, see `sizeBytes`. */
  readonly headers: Headers
  /** Empty when the origin was asked with HEAD. */
  readonly body: Buffer
  /** Of the body as a GET would send it; undefined when a HEAD did not tell. */
  readonly sizeBytes: number | undefined
  /** The origin's ETag: edge compression makes the one in `headers` weak. */
  readonly originEtag: string | undefined
  /** When the origin sent or confirmed it: `Age` counts from here. */
  readonly storedAtMs: number
  /** Fresh until then; undefined when it must not be kept. */
  readonly expiresAtMs: number | undefined
  /** The origin failed when this was to be validated: until then it is served though expired. */
  readonly servedStaleUntilMs?: number | undefined
  /** An error of the origin, or the custom error page sent in its place. */
  readonly isError: boolean
  readonly cacheTags: Purgeable['cacheTags']
}

export interface CacheEntry extends StoredResponse, Purgeable {
  readonly key: string
  readonly expiresAtMs: number
}

/** What a fetch is for, kept from its start to its end. */
export interface FillTarget {
  readonly distributionId: string
  readonly tenantId: string | undefined
  readonly key: string
  readonly url: string
  /** As the viewer asked, before a function rewrote it. */
  readonly viewerUrl: string
}

export interface Fill {
  /** Keeps the response, or, where it must not be kept, forgets the one before it. */
  finish(response: StoredResponse): void
  /** Ends the fill and leaves the store as it is. */
  abandon(): void
}

export interface CacheStore {
  find(key: string): CacheEntry | undefined
  /** Remembers one more viewer URL under which the entry is served. */
  noteViewerUrl(target: FillTarget): void
  entries(): CacheEntry[]
  beginFill(target: FillTarget): Fill
  /** Removes what matches, and what is on its way here and will match. Returns how many were removed. */
  purge(matches: (entry: Purgeable) => boolean): number
  /** Removes what is chosen, as a cache may at any time; fetches on their way are not touched. */
  evict(isChosen: (entry: CacheEntry) => boolean): number
}

export function isFresh(entry: CacheEntry, nowMs: number): boolean {
  return nowMs < Math.max(entry.expiresAtMs, entry.servedStaleUntilMs ?? 0)
}

/**
 * @param racesInFlight whether a fetch that began before a purge and ends after it is kept, old bytes and all. No page of
 * CloudFront rules it out.
 */
export function createCacheStore(racesInFlight: boolean = false): CacheStore {
  const entries = new Map<string, CacheEntry & { readonly viewerUrls: Set<string> }>()
  const fills = new Set<{ readonly purges: ((entry: Purgeable) => boolean)[] }>()

  function evict(isChosen: (entry: CacheEntry) => boolean): number {
    const chosen = [...entries.values()].filter(isChosen)
    for (const entry of chosen) entries.delete(entry.key)
    return chosen.length
  }

  return {
    find: (key) => entries.get(key),
    noteViewerUrl: ({ key, viewerUrl }) => void entries.get(key)?.viewerUrls.add(viewerUrl),
    entries: () => [...entries.values()],
    beginFill({ distributionId, tenantId, key, url, viewerUrl }) {
      const running = { purges: [] as ((entry: Purgeable) => boolean)[] }
      fills.add(running)
      return {
        finish(response) {
          fills.delete(running)
          const viewerUrls = new Set([...(entries.get(key)?.viewerUrls ?? []), viewerUrl])
          entries.delete(key)
          const { expiresAtMs } = response
          if (expiresAtMs === undefined) return
          const entry = { ...response, expiresAtMs, distributionId, tenantId, key, url, viewerUrls }
          // Asked for before the purge, so perhaps the old bytes.
          if (!racesInFlight && running.purges.some((matches) => matches(entry))) return
          entries.set(key, entry)
        },
        abandon() {
          fills.delete(running)
        },
      }
    },
    purge(matches) {
      for (const running of fills) running.purges.push(matches)
      return evict(matches)
    },
    evict,
  }
}
