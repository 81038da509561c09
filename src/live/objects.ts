// What is in the bucket below the prefix: the listing, in parallel where it is long, and by HEAD the headers that a listing does not carry.

import pMap from 'p-map'
import { compareKeys } from '../key-order.ts'
import type { Key, LiveObject, OnEvent } from '../model.ts'
import type { Bucket, KeyRange } from '../ports.ts'
import { KEYS_PER_PAGE, MAX_RANGES, splitKeys } from './key-ranges.ts'

export interface Listing {
  /** In UTF-8 byte order. */
  readonly objects: readonly LiveObject[]
  /** Freshfront's own objects directly below the prefix: what it remembers of this site. */
  readonly own: readonly LiveObject[]
  readonly listRequests: number
}

export interface ListOptions {
  readonly prefix: string
  /** Name of the folders that are Freshfront's own, `.freshfront/`: what lies below them is not part of the site. */
  readonly ownFolder: string
  /** What was there when the site was last deployed, Freshfront's own objects too; undefined: nobody knows. */
  readonly recorded?: readonly Key[] | undefined
  /** What may be there: keys of the folder that is deployed. */
  readonly expected?: readonly Key[]
  /** Requests under way at once (1). */
  readonly concurrency?: number
  readonly onEvent: OnEvent
  /** Asked between two pages. */
  readonly signal?: AbortSignal
}

/**
 * Lists all below the prefix. Where it is known what was there the key space is cut into full pages, and no request more is sent than one
 * after the other would be; objects that others have put cost at most one more for each of the parts.
 */
export async function listLiveObjects(bucket: Pick<Bucket, 'listObjects'>, options: ListOptions): Promise<Listing> {
  const { prefix, ownFolder, recorded, expected = [], concurrency = 1, onEvent, signal } = options
  const ownPrefix = `${prefix}${ownFolder}`
  const maxRanges = Math.min(MAX_RANGES, concurrency)
  let listRequests = 0
  let done = 0

  function take(page: readonly LiveObject[], into: LiveObject[]): void {
    signal?.throwIfAborted()
    listRequests += 1
    for (const object of page) into.push(object)
    done += page.length
    onEvent({ kind: 'listing', done })
  }
  async function list(range: KeyRange): Promise<LiveObject[]> {
    const objects: LiveObject[] = []
    for await (const page of bucket.listObjects(prefix, range)) take(page, objects)
    return objects
  }
  async function listRanges(ranges: readonly KeyRange[]): Promise<LiveObject[]> {
    return (await Promise.all(ranges.map(list))).flat()
  }
  /** The first page shows whether there is anything to split, and where. */
  async function listUnknown(): Promise<LiveObject[]> {
    const objects: LiveObject[] = []
    for await (const page of bucket.listObjects(prefix)) {
      take(page, objects)
      const after = objects.at(-1)?.key
      if (after === undefined || page.length < KEYS_PER_PAGE) continue
      const behind = expected.filter((key) => compareKeys(key, after) > 0)
      const ranges = splitKeys(behind, maxRanges, after)
      if (ranges.length > 1) return [...objects, ...(await listRanges(ranges))]
    }
    return objects
  }

  const listed =
    recorded === undefined
      ? await listUnknown()
      : await listRanges(
          splitKeys(
            recorded.filter((key) => key.startsWith(prefix)),
            maxRanges,
          ),
        )
  return {
    // Those of sites below a longer prefix are left out too: to delete them is to forget what those sites owe.
    objects: listed.filter(({ key }) => !`/${key}`.includes(`/${ownFolder}`)),
    own: listed.filter(({ key }) => key.startsWith(ownPrefix)),
    listRequests,
  }
}

/** @returns the same objects, those of the named keys with their metadata; one that vanished meanwhile is left out */
export async function withMetadata(
  bucket: Bucket,
  objects: readonly LiveObject[],
  keys: readonly Key[],
  concurrency: number,
): Promise<readonly LiveObject[]> {
  if (keys.length === 0) return objects
  const wanted = new Set(keys)
  const heads = await pMap(keys, async (key) => [key, await bucket.headObject(key)] as const, { concurrency })
  const completed = new Map(heads)
  return objects
    .map((object) => (wanted.has(object.key) ? completed.get(object.key) : object))
    .filter((object) => object !== undefined)
}
