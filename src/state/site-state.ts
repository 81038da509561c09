// The last completed release, as an object in the bucket: read and checked; written by records.ts.

import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import * as z from 'zod'
import { stateNotReadable, stateTooNew } from '../errors.ts'
import type { Commit, Key, SiteState } from '../model.ts'
import type { Bucket } from '../ports.ts'
import { areRecordedObjects, isObject } from './recorded-objects.ts'
import { stateKey } from './state-keys.ts'

const optionalText = z.string().exactOptional()

const metadataSchema = z.object({
  contentType: z.string(),
  cacheControl: optionalText,
  contentDisposition: optionalText,
  contentEncoding: optionalText,
  contentLanguage: optionalText,
  expires: optionalText,
  websiteRedirectLocation: optionalText,
  user: z.record(z.string(), z.string()).exactOptional(),
})

export const commitSchema: z.ZodType<Commit> = z.object({ id: z.string(), committedAt: optionalText })

const stateSchema = z.object({
  formatVersion: z.literal(2),
  release: z.string(),
  completedAt: z.string(),
  deploys: z.object({ scheme: z.number(), deploy: z.number(), quiet: z.array(z.number()) }),
  tagSalt: z.string(),
  spending: z.object({ month: z.string(), paths: z.number(), purgedAt: z.array(z.string()) }),
  objects: z.record(
    z.string(),
    z.object({
      etag: z.string(),
      sizeBytes: z.number(),
      sha256: z.string(),
      bodyMd5: z.union([z.literal(true), z.string()]).exactOptional(),
      stableSha256: optionalText,
      metadata: metadataSchema,
      changedIn: z.string(),
      history: z.array(z.number()).exactOptional(),
      tagNames: z.array(z.string()).exactOptional(),
      left: z.object({ leftIn: z.string(), leftAt: z.string(), releases: z.number() }).exactOptional(),
    }),
  ),
  distributions: z.record(
    z.string(),
    z.object({ tags: z.object({ header: z.string(), since: z.string() }).exactOptional() }),
  ),
  gone: z.record(z.string(), z.string()).exactOptional(),
  commit: commitSchema.exactOptional(),
  conditionsKeptBy: optionalText,
})

/** A state with the ETag of the object that it was read from. */
export interface StoredState {
  readonly etag: string
  readonly state: SiteState
}

/**
 * @returns undefined when no release was ever completed under this prefix
 * @throws {FreshfrontError} `STATE_NOT_READABLE`, `STATE_TOO_NEW`
 */
export async function readSiteState(
  bucket: Pick<Bucket, 'getDocument'>,
  prefix: string,
): Promise<SiteState | undefined> {
  const document = await bucket.getDocument(stateKey(prefix))
  return document && decodeSiteState(stateKey(prefix), document.body)
}

/** As readSiteState. @param earlier read before: it is given back where it still is what is stored, and no body travels */
export async function readStoredState(
  bucket: Pick<Bucket, 'getDocument' | 'getDocumentUnless'>,
  prefix: string,
  earlier?: StoredState,
): Promise<StoredState | undefined> {
  const key = stateKey(prefix)
  const document =
    earlier === undefined ? await bucket.getDocument(key) : await bucket.getDocumentUnless(key, earlier.etag)
  if (document === 'not modified') return earlier
  return document && { etag: document.etag, state: decodeSiteState(key, document.body) }
}

export function encodeSiteState(state: SiteState): Uint8Array {
  return gzipSync(JSON.stringify(state), { level: GZIP_LEVEL })
}

/** Of what is mostly digests a higher level makes 4 % less, in half as much time again. */
const GZIP_LEVEL = 3

function decodeSiteState(key: Key, body: Uint8Array): SiteState {
  return parseStored(key, () => gunzipSync(body, { chunkSize: unpackedBytes(body) }).toString('utf8'), stateSchema, {
    version: 2,
    migrate: migrateState,
    check: checkState,
  })
}

/** As the schema, in a tenth of its time: all but the objects by the schema, these by hand. @returns undefined when it is not sure */
function checkState(stored: unknown): SiteState | undefined {
  if (!isObject(stored) || !isObject(stored['objects'])) return undefined
  const rest = stateSchema.safeParse({ ...stored, objects: {} })
  if (!rest.success || !areRecordedObjects(stored['objects'])) return undefined
  return { ...rest.data, objects: stored['objects'] }
}

/** Parses a document of ours: a newer format is refused by name, anything else that is not as we wrote it too. */
export function parseStored<T>(
  key: string,
  readText: () => string,
  schema: z.ZodType<T>,
  format: {
    readonly version: number
    readonly migrate?: (stored: unknown) => unknown
    /** Asked before the schema, which is slow where there is much to check. */
    readonly check?: (stored: unknown) => T | undefined
  } = { version: 1 },
): T {
  let stored: unknown
  try {
    stored = JSON.parse(readText())
  } catch (cause) {
    throw stateNotReadable(key, cause instanceof Error ? cause.message : String(cause), { cause })
  }
  const checked = format.check?.(stored)
  if (checked !== undefined) return checked
  const version = z.object({ formatVersion: z.number() }).safeParse(stored)
  if (version.success && version.data.formatVersion > format.version) throw stateTooNew(key, version.data.formatVersion)
  const parsed = schema.safeParse(format.migrate?.(stored) ?? stored)
  if (!parsed.success) throw stateNotReadable(key, z.prettifyError(parsed.error).replaceAll('\n', ' '))
  return parsed.data
}

/**
 * Version 1 knew one cache tag a key and counted neither deploys nor paths. What it tagged is tagged anew: its distributions count as having
 * just begun to read tags.
 */
function migrateState(stored: unknown): unknown {
  const old = z.looseObject({ formatVersion: z.literal(1), completedAt: z.string() }).safeParse(stored)
  if (!old.success) return stored
  const objects = z.record(z.string(), z.looseObject({})).safeParse(old.data['objects'])
  const distributions = z.record(z.string(), z.unknown()).safeParse(old.data['distributions'])
  if (!objects.success || !distributions.success) return stored
  return {
    ...old.data,
    formatVersion: 2,
    deploys: { scheme: 1, deploy: 0, quiet: [] },
    tagSalt: createHash('sha256').update(String(old.data['release'])).digest('hex').slice(0, 16),
    spending: { month: old.data.completedAt.slice(0, 7), paths: 0, purgedAt: [] },
    objects: Object.fromEntries(
      Object.entries(objects.data).map(([key, { cacheTags: _tags, ...rest }]) => [key, rest]),
    ),
    distributions: Object.fromEntries(Object.keys(distributions.data).map((id) => [id, {}])),
  }
}

const LARGEST_PIECE_BYTES = 64 * 1024 * 1024

/** In one piece it is unpacked five times as fast as in those of 16 kB. @see RFC 1952, 2.3.1, for where the size stands */
function unpackedBytes(body: Uint8Array): number {
  const stated = body.length < 18 ? 0 : Buffer.from(body.subarray(-4)).readUInt32LE()
  return Math.min(Math.max(stated + 1, 1024), LARGEST_PIECE_BYTES)
}
