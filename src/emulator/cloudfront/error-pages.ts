// Custom error pages: the page that a distribution sends in place of an origin's error.
// Facts: CloudFront Developer Guide, "Generate custom error responses" and HTTPStatusCodes.

import type { StoredResponse } from './cache-store.ts'
import type { Lookup } from './lookup.ts'
import { makeLookup } from './lookup.ts'
import type { Ask } from './tier.ts'

/**
 * The error as the viewer will see it. The page comes from the first behavior that matches its path, by way of the same
 * caches, and is kept twice: under its own path with its own TTL, and, whole, under the URL that failed for as long as
 * the error lasts. (Whether CloudFront keeps the body there is not documented; this is the worse case for who deploys.)
 */
export async function replaceWithErrorPage(lookup: Lookup, error: StoredResponse, ask: Ask): Promise<StoredResponse> {
  if (lookup.isForErrorPage) return error
  const { page } = lookup.distribution.config.errorResponses.find((entry) => entry.errorCode === error.status) ?? {}
  if (page === undefined) return error
  // The viewer's encodings only as far as they are in the key of the URL that failed: the page is kept under that key.
  const headers = { ...lookup.headers, 'accept-encoding': lookup.acceptEncoding }
  // No function runs for this request, which is the distribution's own.
  const request = { method: 'GET', target: page.path, headers } as const
  const answer = await ask(makeLookup(lookup.distribution, request, { isForErrorPage: true }))
  if (answer.kind !== 'full') return error
  const found = answer.response
  return {
    ...found,
    // A page that cannot be fetched passes its own status on.
    status: found.isError ? found.status : page.responseCode,
    isError: true,
    originEtag: undefined,
    // A tag on the page's object reaches the page's own entry; that it reached these is not documented.
    cacheTags: undefined,
    storedAtMs: error.storedAtMs,
    expiresAtMs: error.expiresAtMs,
  }
}
