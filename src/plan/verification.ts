// Which URLs to ask the edge for when all is done, and what it should answer. Pure.
//
// What may have been cached under a URL is found from the keys (viewer-paths.ts); of several that it may have come from only one answers now
// (answering-key.ts).

import { keyToInvalidationItem, keyToViewerPath } from '../http/paths.ts'
import type {
  ExpectedAnswer,
  InvalidationItem,
  Key,
  PlannedCheck,
  PlannedChecks,
  PlannedInvalidation,
  PlannedItem,
  ReleaseId,
} from '../model.ts'
import { findAnswering } from './answering-key.ts'
import { type Hash, toBatches } from './batches.ts'
import type { KeyTruth } from './key-truth.ts'
import { errorPageTtls } from './missing-urls.ts'
import { unmappedBecause } from './purge-scope.ts'
import { behaviorsFor, type UrlSpace } from './url-space.ts'
import { keyToServedPaths, type ServedPath } from './viewer-paths.ts'

/** URLs in one plan: enough to see a purge that did not arrive, few enough to take seconds. */
const MAX_CHECKS = 200

export interface ChecksInput {
  readonly targets: readonly {
    readonly space: UrlSpace
    /** Those that changed on this distribution; undefined: any of `allKeys` may be stale. */
    readonly keys: readonly Key[] | undefined
  }[]
  readonly allKeys: readonly Key[]
  readonly truthOf: (key: Key) => KeyTruth
  readonly hash: Hash
  /** Shared by the targets; a key's URLs stay together. Default: MAX_CHECKS. */
  readonly maxChecks?: number
}

export function planChecks(input: ChecksInput): PlannedChecks {
  const { targets, allKeys, hash } = input
  const share = Math.max(1, Math.floor((input.maxChecks ?? MAX_CHECKS) / Math.max(1, targets.length)))
  const list: PlannedCheck[] = []
  const checkedKeys = new Set<Key>()
  const candidates = new Set<Key>()
  for (const { space, keys = allKeys } of targets) {
    if (!space.distribution.enabled || unmappedBecause(space) !== undefined) continue
    for (const key of keys) candidates.add(key)
    const found = new Map<string, PlannedCheck>()
    for (const key of keys.length > share ? spreadOut(keys, hash) : keys) {
      if (found.size >= share) break
      const ofKey = checksOfKey(key, space, input.truthOf)
      if (ofKey.length > 0) checkedKeys.add(key)
      for (const check of ofKey) found.set(check.path, check)
    }
    list.push(...found.values())
  }
  return { list, keys: checkedKeys.size, ofKeys: candidates.size }
}

/**
 * The purge of what an edge still answers wrongly.
 *
 * @param salt a name of its own for each try: CloudFront answers a reference that it knows with the purge that was
 */
export function planPurgeAgain(checks: readonly PlannedCheck[], salt: ReleaseId, hash: Hash): PlannedInvalidation[] {
  const distributions = [...new Set(checks.map(({ distribution }) => distribution))]
  return distributions.flatMap((id) => {
    const items = new Map<InvalidationItem, PlannedItem>()
    for (const { distribution, key, path, items: itemsOfKey } of checks) {
      if (distribution !== id) continue
      for (const item of itemsOfKey)
        items.set(item, { item, reasons: [`${key}: an edge still answered ${path} as before`] })
    }
    return toBatches(id, [...items.values()], `${salt} again`, hash)
  })
}

/** Always in the same order for the same keys, whatever their names have in common. */
function spreadOut(keys: readonly Key[], hash: Hash): Key[] {
  return keys
    .map((key) => ({ key, place: hash(key) }))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ key }) => key)
}

function checksOfKey(key: Key, space: UrlSpace, truthOf: ChecksInput['truthOf']): PlannedCheck[] {
  const served = keyToServedPaths(key, space)
  const answers = served.flatMap((path) => {
    if (path.isRedirect || hasUncertainForm(path.path)) return []
    const [behavior, ...others] = behaviorsFor(path.path, space.distribution)
    if (behavior === undefined || others.length > 0 || behavior.changesResponses === 'anything') return []
    return [{ path, behavior, answering: findAnswering(path.path, behavior, space) }]
  })
  // A URL that a function redirects tells nothing; a page that has no other is asked for all the same, and said to be out of reach.
  const reached = answers.filter(({ answering }) => answering.kind === 'key' || answering.kind === 'declared')
  const asked =
    reached.length > 0 ? reached : answers.filter(({ answering }) => answering.kind === 'function').slice(0, 1)
  return asked.flatMap(({ path, behavior, answering: found }): PlannedCheck[] => {
    const answering = found.kind === 'key' ? found.key : key
    const headersMayDiffer = behavior.changesResponses === 'headers'
    const expect = expectedAnswer(key, { answering, headersMayDiffer, space, truthOf })
    if (expect === undefined) return []
    const alsoServed = answering === key ? [] : keyToServedPaths(answering, space)
    const items = [...new Set([path, ...served, ...alsoServed].map(toItem))]
    return [
      {
        distribution: space.distribution.id,
        // S3 reads a plus in a path as a space.
        path: keyToViewerPath(path.path.slice(1)).replaceAll('+', '%2B'),
        key: expect.kind === 'gone' ? key : answering,
        expect,
        items,
      },
    ]
  })
}

interface ExpectationInput {
  /** The key that the URL leads to now. */
  readonly answering: Key
  readonly headersMayDiffer: boolean
  readonly space: UrlSpace
  readonly truthOf: ChecksInput['truthOf']
}

/** @param claimed the key that may be cached under the URL */
function expectedAnswer(
  claimed: Key,
  { answering, headersMayDiffer, space, truthOf }: ExpectationInput,
): ExpectedAnswer | undefined {
  const { now, before } = truthOf(answering)
  if (now === 'unknown') return undefined
  if (now !== undefined) {
    // What the website endpoint makes of it is no object.
    if (now.metadata.websiteRedirectLocation !== undefined) return undefined
    return { kind: 'object', ...now, headersMayDiffer }
  }
  const removed = claimed === answering ? before : truthOf(claimed).before
  if (removed === undefined || removed === 'unknown') return undefined
  // The error page that is shown in its place may be a copy of it.
  const shown = [...errorPageTtls(space).keys()].map((page) => truthOf(page).now)
  if (shown.some((page) => page === 'unknown' || page?.sha256 === removed.sha256)) return undefined
  const { contentEncoding } = removed.metadata
  return { kind: 'gone', sha256: removed.sha256, ...(contentEncoding !== undefined && { contentEncoding }) }
}

/** Dots and doubled slashes: what a cache or an origin makes of them is not documented. */
function hasUncertainForm(path: string): boolean {
  return path.includes('//') || /\/\.{1,2}(?:\/|$)/u.test(path)
}

function toItem({ path, variesByQueryString }: ServedPath): InvalidationItem {
  const { item, exact } = keyToInvalidationItem(path.slice(1))
  return exact && variesByQueryString ? `${item}*` : item
}
