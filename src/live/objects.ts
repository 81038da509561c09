// What is in the bucket below the prefix: the listing, and by HEAD the headers that a listing does not carry.

import pMap from 'p-map'
import type { Key, LiveObject, OnEvent } from '../model.ts'
import type { Bucket } from '../ports.ts'

export interface Listing {
  readonly objects: readonly LiveObject[]
  readonly listRequests: number
}

/** @param ownFolder name of the folders that are Freshfront's own, `.freshfront/`: what lies below them is not listed */
export async function listLiveObjects(
  bucket: Bucket,
  prefix: string,
  ownFolder: string,
  onEvent: OnEvent,
): Promise<Listing> {
  const objects: LiveObject[] = []
  let listRequests = 0
  for await (const page of bucket.listObjects(prefix)) {
    listRequests += 1
    for (const object of page) {
      // Those of sites below a longer prefix too: to delete them is to forget what those sites owe.
      if (!`/${object.key}`.includes(`/${ownFolder}`)) objects.push(object)
    }
    onEvent({ kind: 'listing', done: objects.length })
  }
  return { objects, listRequests }
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
