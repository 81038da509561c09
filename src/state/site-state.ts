// The last completed release, as an object in the bucket: read and checked; written by records.ts.

import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import pMap from 'p-map'
import * as z from 'zod'
import { stateNotReadable, stateTooNew } from '../errors.ts'
import type { Commit, Key, ShardRange, ObjectMetadata, RecordedObject, SiteState } from '../model.ts'
import type { Bucket } from '../ports.ts'
import { areRecordedObjects, isObject } from './recorded-objects.ts'
import { stateKey, statePartsFolder } from './state-keys.ts'

const optionalText = z.string().exactOptional()

export const metadataSchema: z.ZodType<ObjectMetadata> = z.object({
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

const objectsSchema: z.ZodType<SiteState['objects']> = z.record(
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
)

const stateSchema = z.object({
  formatVersion: z.literal(2),
  release: z.string(),
  completedAt: z.string(),
  deploys: z.object({ scheme: z.number(), deploy: z.number(), quiet: z.array(z.number()) }),
  tagSalt: z.string(),
  spending: z.object({ month: z.string(), paths: z.number(), purgedAt: z.array(z.string()) }),
  objects: objectsSchema,
  /** Of version 3: documents that hold the objects. */
  parts: z.array(z.object({ key: z.string(), after: z.string(), until: optionalText })).exactOptional(),
  distributions: z.record(
    z.string(),
    z.object({ tags: z.object({ header: z.string(), since: z.string() }).exactOptional() }),
  ),
  gone: z.record(z.string(), z.string()).exactOptional(),
  commit: commitSchema.exactOptional(),
  conditionsKeptBy: optionalText,
  endedShards: z
    .array(z.object({ name: z.string(), end: z.enum(['finished', 'overtaken']), release: z.string() }))
    .exactOptional(),
})

/** A state with the ETag of the object that it was read from. */
export interface StoredState {
  readonly etag: string
  readonly state: SiteState
  /** Undefined: it is one document. Else its objects lie in these, and not all of them need have been read. */
  readonly parts?: readonly StatePart[]
}

/**
 * @returns undefined when no release was ever completed under this prefix
 * @throws {FreshfrontError} `STATE_NOT_READABLE`, `STATE_TOO_NEW`
 */
export async function readSiteState(
  bucket: Pick<Bucket, 'getDocument'>,
  prefix: string,
): Promise<SiteState | undefined> {
  return (await readStoredState(bucket, prefix))?.state
}

/**
 * As readSiteState.
 *
 * @param earlier read before: it is given back where it still is what is stored, and no body travels
 * @param wants of a state in parts, the ranges of keys whose objects are wanted, and undefined for all
 */
export async function readStoredState(
  bucket: Pick<Bucket, 'getDocument'> & Partial<Pick<Bucket, 'getDocumentUnless'>>,
  prefix: string,
  earlier?: StoredState,
  wants: (range: ShardRange) => boolean = () => true,
): Promise<StoredState | undefined> {
  const key = stateKey(prefix)
  for (let attempt = 1; ; attempt += 1) {
    const document =
      earlier === undefined || bucket.getDocumentUnless === undefined
        ? await bucket.getDocument(key)
        : await bucket.getDocumentUnless(key, earlier.etag)
    if (document === 'not modified') return earlier
    if (document === undefined) return undefined
    const { parts, ...state } = decodeSiteState(key, document.body)
    if (parts === undefined) return { etag: document.etag, state }
    const wanted = parts.filter(wants)
    const bodies = await pMap(wanted, (part) => bucket.getDocument(part.key), { concurrency: READS_AT_ONCE })
    const missing = wanted.find((_, at) => bodies[at] === undefined)
    if (missing === undefined) {
      const entries = wanted.flatMap((part, at) => parsePart(part.key, bodies[at]?.body ?? new Uint8Array()))
      return { etag: document.etag, state: { ...state, objects: Object.fromEntries(entries) }, parts }
    }
    // A deploy that has just ended has removed the parts of the release before it.
    if (attempt === MAX_READS) throw stateNotReadable(key, `its part ${missing.key} is missing`)
  }
}

export interface StatePart extends ShardRange {
  /** Of the document that holds the objects of these keys. */
  readonly key: Key
}

const MAX_READS = 3
const READS_AT_ONCE = 4

function parsePart(key: Key, body: Uint8Array): [Key, RecordedObject][] {
  const part = parseStored(key, () => gunzipSync(body).toString('utf8'), partSchema, { version: 1, check: checkPart })
  return Object.entries(part.objects)
}

/** As the schema, in a tenth of its time. */
function checkPart(stored: unknown): z.infer<typeof partSchema> | undefined {
  if (!isObject(stored) || stored['formatVersion'] !== 1) return undefined
  if (!isObject(stored['objects']) || !areRecordedObjects(stored['objects'])) return undefined
  return { formatVersion: 1, objects: stored['objects'] }
}

const partSchema = z.object({ formatVersion: z.literal(1), objects: objectsSchema })

/** No text in JavaScript is longer than 512 MiB, which a state of one and a half million objects would be. */
const OBJECTS_PER_PART = 100_000

export function encodeSiteState(state: SiteState): Uint8Array {
  return gzipSync(JSON.stringify(state), { level: GZIP_LEVEL })
}

/** Of what is mostly digests a higher level makes 4 % less, in half as much time again. */
const GZIP_LEVEL = 3

function decodeSiteState(key: Key, body: Uint8Array): ParsedState {
  return parseStored(key, () => gunzipSync(body, { chunkSize: unpackedBytes(body) }).toString('utf8'), stateSchema, {
    version: 3,
    migrate: migrateState,
    check: checkState,
  })
}

type ParsedState = SiteState & { readonly parts?: readonly StatePart[] }

/** As the schema, in a tenth of its time: all but the objects by the schema, these by hand. @returns undefined when it is not sure */
function checkState(stored: unknown): ParsedState | undefined {
  if (!isObject(stored) || !isObject(stored['objects'])) return undefined
  const rest = stateSchema.safeParse({ ...stored, objects: {} })
  if (!rest.success || !areRecordedObjects(stored['objects'])) return undefined
  return { ...rest.data, objects: stored['objects'] }
}

/** @returns the state as documents; its own is to be written last */
export function encodeStateParts(
  state: SiteState,
  prefix: string,
  objectsPerPart: number = OBJECTS_PER_PART,
): { readonly document: Uint8Array; readonly parts: readonly { readonly key: Key; readonly body: Uint8Array }[] } {
  const count = Object.keys(state.objects).length
  if (count <= objectsPerPart * 2) return { document: encodeSiteState(state), parts: [] }
  const entries = Object.entries(state.objects).toSorted(([one], [other]) => compareBytes(one, other))
  const parts: (StatePart & { readonly body: Uint8Array })[] = []
  for (let start = 0; start < entries.length; start += objectsPerPart) {
    const end = start + objectsPerPart
    const objects = Object.fromEntries(entries.slice(start, end))
    parts.push({
      key: `${statePartsFolder(prefix)}${state.release}-${parts.length + 1}.json.gz`,
      after: entries[start - 1]?.[0] ?? '',
      ...(end < entries.length && { until: entries[end - 1]?.[0] ?? '' }),
      body: gzipSync(JSON.stringify({ formatVersion: 1, objects }), { level: 1 }),
    })
  }
  const index = parts.map(({ body: _body, ...part }) => part)
  return { document: gzipSync(JSON.stringify({ ...state, formatVersion: 3, objects: {}, parts: index })), parts }
}

/** UTF-16 order is that of UTF-8 but for surrogates, which are rare. */
function compareBytes(one: string, other: string): number {
  if (one === other) return 0
  return /[\u{10000}-\u{10ffff}]/u.test(one + other)
    ? Buffer.compare(Buffer.from(one), Buffer.from(other))
    : one < other
      ? -1
      : 1
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
  const parted = z.looseObject({ formatVersion: z.literal(3) }).safeParse(stored)
  if (parted.success) return { ...parted.data, formatVersion: 2 }
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
