// What a shard has recorded, as a compact object in the bucket: read and checked; written by records.ts.

import { gunzipSync, gzipSync } from 'node:zlib'
import * as z from 'zod'
import type { Key, ObjectMetadata, ShardFile, ShardRecord, TouchedKey } from '../model.ts'
import { commitSchema, metadataSchema, parseStored } from './site-state.ts'

const optionalText = z.string().exactOptional()

/** Rows instead of objects, and each set of headers once: a shard may have hundreds of thousands of files. */
const recordSchema = z.object({
  formatVersion: z.literal(1),
  name: z.string(),
  shard: z.object({ index: z.int(), count: z.int() }),
  startedAt: z.string(),
  range: z.object({ after: z.string(), until: optionalText }),
  site: z.string(),
  settings: z.string(),
  base: z.string(),
  commit: commitSchema.exactOptional(),
  isComplete: z.boolean(),
  /** Key, ETags, ETag and size before; with `owed` a 1 at the end. */
  touched: z.array(
    z.tuple([z.string(), z.array(z.string()).readonly(), z.string().nullable(), z.number()]).rest(z.number()),
  ),
  metadata: z.array(metadataSchema),
  /** Key, size, MD5, SHA-256, number of its headers; then what few files have. */
  files: z.array(
    z
      .tuple([z.string(), z.number(), z.string(), z.string(), z.int()])
      .rest(z.object({ etag: optionalText, stored: optionalText, stagedAs: optionalText, stableSha256: optionalText })),
  ),
  ignored: z.array(z.string()),
})

type StoredRecord = z.infer<typeof recordSchema>

export function encodeShardRecord(record: ShardRecord): Uint8Array {
  const numbers = new Map<string, number>()
  const metadata: ObjectMetadata[] = []
  const numberOf = (headers: ObjectMetadata): number => {
    const text = JSON.stringify(headers)
    const known = numbers.get(text)
    if (known !== undefined) return known
    numbers.set(text, metadata.length)
    return metadata.push(headers) - 1
  }
  const files = record.files.map(({ file, etag, stagedAs }): StoredRecord['files'][number] => {
    const { key, sizeBytes, md5, sha256, stableSha256 } = file
    const rare = {
      ...(file.etag !== `"${md5}"` && { etag: file.etag }),
      ...(etag !== undefined && etag !== file.etag && { stored: etag }),
      ...(stagedAs !== undefined && { stagedAs }),
      ...(stableSha256 !== undefined && { stableSha256 }),
    }
    const row = [key, sizeBytes, md5, sha256, numberOf(file.metadata)] as const
    return Object.keys(rare).length === 0 ? [...row] : [...row, rare]
  })
  const touched = record.touched.map(({ key, etags, before, owed }): StoredRecord['touched'][number] => {
    const row = [key, etags, before?.etag ?? null, before?.sizeBytes ?? 0] as const
    return owed === true ? [...row, 1] : [...row]
  })
  return gzipSync(JSON.stringify({ ...record, touched, metadata, files }), { level: 1 })
}

/** @throws {FreshfrontError} `STATE_NOT_READABLE`, `STATE_TOO_NEW` */
export function parseShardRecord(key: Key, body: Uint8Array): ShardRecord {
  const { metadata, touched, files, ...stored } = parseStored(
    key,
    () => gunzipSync(body).toString('utf8'),
    recordSchema,
  )
  const headersOf = (number: number): ObjectMetadata => metadata[number] ?? { contentType: '' }
  return {
    ...stored,
    touched: touched.map(([touchedKey, etags, beforeEtag, sizeBytes, owed]): TouchedKey => ({
      key: touchedKey,
      etags,
      ...(beforeEtag !== null && { before: { etag: beforeEtag, sizeBytes } }),
      ...(owed === 1 && { owed: true }),
    })),
    files: files.map(([fileKey, sizeBytes, md5, sha256, number, rare]): ShardFile => {
      const { etag = `"${md5}"`, stored: storedEtag = etag, stagedAs, stableSha256 } = rare ?? {}
      const file = { key: fileKey, sizeBytes, md5, sha256, etag, metadata: headersOf(number) }
      return {
        file: stableSha256 === undefined ? file : { ...file, stableSha256 },
        ...(stagedAs === undefined ? { etag: storedEtag } : { stagedAs }),
      }
    }),
  }
}

/**
 * What several attempts of a shard have touched. What lay there before the first one is what edges may have.
 *
 * @param isSame whether the attempts stored alike: else an edge may have headers that neither was there before nor is there now
 */
export function joinTouched(
  earlier: readonly TouchedKey[],
  now: readonly TouchedKey[],
  isSame: boolean,
): readonly TouchedKey[] {
  if (earlier.length === 0) return now
  const joined = new Map(now.map((touched) => [touched.key, touched]))
  for (const first of earlier) {
    const again = joined.get(first.key)
    const owed = !isSame || first.owed === true || again?.owed === true
    const { owed: _, ...rest } = first
    const etags = [...new Set([...first.etags, ...(again?.etags ?? [])])]
    joined.set(first.key, { ...rest, etags, ...(owed && { owed }) })
  }
  return [...joined.values()]
}
