// The last completed release, as an object in the bucket: read, checked, written.

import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { stateNotReadable, stateTooNew } from '../errors.ts'
import type { Commit, SiteState } from '../model.ts'
import type { Bucket } from '../ports.ts'
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
  formatVersion: z.literal(1),
  release: z.string(),
  completedAt: z.string(),
  objects: z.record(
    z.string(),
    z.object({
      etag: z.string(),
      sizeBytes: z.number(),
      sha256: z.string(),
      metadata: metadataSchema,
      changedIn: z.string(),
      cacheTags: z.record(z.string(), z.string()).exactOptional(),
      left: z.object({ leftIn: z.string(), leftAt: z.string(), releases: z.number() }).exactOptional(),
    }),
  ),
  distributions: z.record(
    z.string(),
    z.object({ tags: z.object({ header: z.string(), since: z.string() }).exactOptional() }),
  ),
  gone: z.record(z.string(), z.string()).exactOptional(),
  commit: commitSchema.exactOptional(),
})

/**
 * @returns undefined when no release was ever completed under this prefix
 * @throws {FreshfrontError} `STATE_NOT_READABLE`, `STATE_TOO_NEW`
 */
export async function readSiteState(bucket: Bucket, prefix: string): Promise<SiteState | undefined> {
  const key = stateKey(prefix)
  const document = await bucket.getDocument(key)
  if (document === undefined) return undefined
  return parseStored(key, () => gunzipSync(document.body).toString('utf8'), stateSchema)
}

export async function writeSiteState(bucket: Bucket, prefix: string, state: SiteState): Promise<void> {
  await bucket.putDocument(stateKey(prefix), gzipSync(JSON.stringify(state)), 'application/gzip')
}

/** Parses a document of ours: a newer format is refused by name, anything else that is not as we wrote it too. */
export function parseStored<T>(key: string, readText: () => string, schema: z.ZodType<T>): T {
  let stored: unknown
  try {
    stored = JSON.parse(readText())
  } catch (cause) {
    throw stateNotReadable(key, cause instanceof Error ? cause.message : String(cause), { cause })
  }
  const version = z.object({ formatVersion: z.number() }).safeParse(stored)
  if (version.success && version.data.formatVersion > 1) throw stateTooNew(key, version.data.formatVersion)
  const parsed = schema.safeParse(stored)
  if (!parsed.success) throw stateNotReadable(key, z.prettifyError(parsed.error).replaceAll('\n', ' '))
  return parsed.data
}
