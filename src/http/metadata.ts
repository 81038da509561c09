// When are two sets of stored headers the same? Pure.

import type { ObjectMetadata } from '../model.ts'

/** True when S3 would replay the same headers for both. User metadata compares by name, whatever the order. */
export function sameMetadata(a: ObjectMetadata, b: ObjectMetadata): boolean {
  return canonical(a) === canonical(b)
}

function canonical(metadata: ObjectMetadata): string {
  const { user, ...headers } = metadata
  return JSON.stringify([sortedEntries(headers), sortedEntries(user ?? {})])
}

function sortedEntries(record: Readonly<Record<string, string | undefined>>): [string, string][] {
  return Object.entries(record)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}
