// What changed in most pages at once: finds out whether that is so, and compares some of them with their live bytes. Reads disk and bucket.

import { readFile } from 'node:fs/promises'
import pMap from 'p-map'
import type { ChurnReport, Plan, SiteFile, SiteSnapshot } from './model.ts'
import { describeChurn, type PagePair } from './plan/churn/describe-churn.ts'
import { spreadEvenly } from './plan/churn/spread-evenly.ts'
import type { Bucket } from './ports.ts'
import type { World } from './read-world.ts'

/** Pages that are compared, each with one GET. */
const MAX_SAMPLED = 20
/** Larger pages are not compared. */
const MAX_PAGE_BYTES = 1024 * 1024
/** Fewer changed pages are nothing to wonder about. */
const MIN_CHANGED_PAGES = 10
const READS_AT_ONCE = 4

export interface ChurnInput {
  readonly plan: Pick<Plan, 'uploads'>
  readonly site: SiteSnapshot
  readonly world: Pick<World, 'live' | 'state'>
  readonly signal?: AbortSignal | undefined
}

/**
 * @returns undefined when fewer than 10 pages changed, or fewer than half of those that are live, or when none of the sample can be read:
 *   nobody's plan should fail because of it
 */
export async function readChurn(
  input: ChurnInput,
  bucket: Pick<Bucket, 'getDocument'>,
): Promise<ChurnReport | undefined> {
  const { plan, site, world, signal } = input
  const live = new Map(world.live.objects.map((object) => [object.key, object]))
  const recorded = new Map(Object.entries(world.state?.objects ?? {}))
  const pages = site.files.filter((file) => isPage(file) && live.has(file.key))
  const changedKeys = new Set(plan.uploads.filter(({ reason }) => reason === 'bytes changed').map(({ key }) => key))
  const changed = pages.filter(({ key }) => changedKeys.has(key))
  if (changed.length < MIN_CHANGED_PAGES || changed.length * 2 < pages.length) return undefined

  const comparable = changed.filter(
    ({ key, sizeBytes }) =>
      sizeBytes <= MAX_PAGE_BYTES &&
      (live.get(key)?.sizeBytes ?? Infinity) <= MAX_PAGE_BYTES &&
      recorded.get(key)?.metadata.contentEncoding === undefined,
  )
  const pairs: PagePair[] = []
  await pMap(
    spreadEvenly(comparable, MAX_SAMPLED),
    async (file) => {
      const pair = await readPair(file, bucket)
      if (pair !== undefined) pairs.push(pair)
    },
    { concurrency: READS_AT_ONCE, ...(signal !== undefined && { signal }) },
  ).catch((error: unknown) => {
    // One page that may not be read, or is gone: the others may well be alike. What was read until then is compared.
    if (signal?.aborted === true) throw error
  })
  if (pairs.length === 0) return undefined
  return { changedPages: changed.length, ofPages: pages.length, ...describeChurn(pairs) }
}

function isPage({ metadata }: SiteFile): boolean {
  return (
    metadata.contentEncoding === undefined && /^(?:text\/html|application\/xhtml\+xml)\b/u.test(metadata.contentType)
  )
}

async function readPair(
  { key, filePath }: SiteFile,
  bucket: Pick<Bucket, 'getDocument'>,
): Promise<PagePair | undefined> {
  const [document, body] = await Promise.all([bucket.getDocument(key), readFile(filePath)])
  const before = document && decode(document.body)
  const after = decode(body)
  return before === undefined || after === undefined ? undefined : { key, before, after }
}

/** @returns undefined for what is no UTF-8 text: another encoding, or a page that somebody else has stored compressed */
function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}
