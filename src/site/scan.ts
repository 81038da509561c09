// The local folder → SiteSnapshot: walk it, name the keys, digest every file. Reads disk.

import { stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import {
  duplicateKey,
  type FreshfrontError,
  keyTooLong,
  sourceEmpty,
  sourceFaulty,
  sourceNotAFolder,
  sourceNotFound,
  sourceNotReadable,
} from '../errors.ts'
import { md5ToEtag } from '../http/etag.ts'
import { compareKeys, sortByKey } from '../key-order.ts'
import type {
  FilterRule,
  FoundSecret,
  HeaderRule,
  Key,
  ObjectMetadata,
  OnEvent,
  RedirectRule,
  SiteFile,
  SiteSnapshot,
} from '../model.ts'
import type { Digest, KnownDigest } from './digest.ts'
import { compilePatterns } from './filters.ts'
import { describeObject, findPrecompressed, isUnknownType } from './metadata.ts'
import { WANTS } from './read-batch.ts'
import { readContents, type NamedFile } from './read-contents.ts'
import { makeRedirectFiles } from './redirect-files.ts'
import { lineOf } from './secret-contents.ts'
import { isRulesFile, readSiteRules } from './site-rules.ts'
import { isUtf8Text } from './stable-digest.ts'
import { openStatCache, type StatCache } from './stat-cache.ts'
import { compileStoredHeaders, keepUnstored } from './stored-headers.ts'
import { codeOf, isWithin, walkFolder } from './walk.ts'

/** @see Amazon S3 User Guide, "Naming Amazon S3 objects" */
const MAX_KEY_BYTES = 1024

/** Of a file whose name says nothing. */
const SNIFFED_TEXT = 'text/plain; charset=utf-8'

/** Of more the cache itself would take so much memory that a million files need more than 600 MB. */
const MOST_CACHED_FILES = 500_000

/** How many files pass between two `scanning` events. */
const FILES_PER_EVENT = 100

export interface ScanOptions {
  /** `""`, or ends with `/`. */
  readonly prefix: string
  readonly filters: readonly FilterRule[]
  /** Patterns of files that may be deployed although they look like secrets. */
  readonly allowSecrets?: readonly string[]
  readonly followSymlinks: boolean
  /** Store `app.js.br` and `app.js.gz` beside `app.js` with its type and their encoding. */
  readonly precompressed?: boolean
  /** One Cache-Control for every object, or `recommended`. */
  readonly cacheControl?: string
  /** They come after those of the site's own `_headers`. */
  readonly headers?: readonly HeaderRule[]
  /** Regular expressions for what does not count as a change: see stable-digest.ts. */
  readonly ignore?: readonly string[]
  /**
   * What is remembered of the object under a key: a file that still is these bytes is spared its MD5, and gets this one and the ETag, which
   * must be what SiteFile says: not that of KMS. Secrets are looked for all the same, as nobody knows whether those bytes were searched.
   * Asked after `recall` has resolved.
   */
  readonly known?: (key: Key) => KnownDigest | undefined
  /** Begun when the folder is found and awaited before the first file is read: what `known` answers from. Must not reject. */
  readonly recall?: () => Promise<unknown>
  /** Where it is kept what was found out of each file, for the next scan on this computer; undefined, or in the folder: nowhere. */
  readonly cacheFolder?: string
  readonly onEvent?: OnEvent
  readonly signal?: AbortSignal
}

/**
 * Reads a built site from disk: every file that is not as the stat cache knows it, in bounded memory.
 *
 * @returns keys in Unicode form NFC, sorted by their UTF-8 bytes; what was left behind is in `skipped`, sorted; what looks like a secret
 *   and is not allowed in `secrets`, sorted: by its name it is not among the files, by its content it is
 * @throws {FreshfrontError} `SOURCE_NOT_FOUND`, `SOURCE_NOT_A_FOLDER`, `SOURCE_EMPTY`; for names and links `DUPLICATE_KEY`,
 *   `KEY_TOO_LONG`, `FILE_NAME_NOT_UTF8`, `SITE_RULE_INVALID`, `SYMLINK_LEAVES_SOURCE`, `SYMLINK_LOOP`, `SYMLINK_DANGLING`; for files
 *   `SOURCE_NOT_READABLE`, `FILE_CHANGED`. Several faults come as one error that lists them all: first those of names and links,
 *   and when there are none, those of files; of several kinds its code is `SOURCE_FAULTY`.
 */
export async function scanSite(dir: string, options: ScanOptions): Promise<SiteSnapshot> {
  return (await openSiteFolder(dir, options)).scan()
}

/** A folder whose files have names and no digests yet. */
export interface SiteFolder {
  /** Of all files, sorted by their UTF-8 bytes. */
  readonly keys: readonly Key[]
  /** Reads the files with these keys, or all; `scanSite` says more. What is secret by its name is told every time. */
  scan(isWanted?: (key: Key) => boolean): Promise<SiteSnapshot>
}

/** The names of a site, for who will read a part of its files; it throws what `scanSite` does for names and links. */
export async function openSiteFolder(dir: string, options: ScanOptions): Promise<SiteFolder> {
  const root = resolve(dir)
  const base = root.endsWith(sep) ? root : root + sep
  const nowMs = Date.now()
  const signal = options.signal === undefined ? {} : { signal: options.signal }
  await checkFolder(dir, root)
  const recalled = options.recall?.()
  const walked = await walkFolder(root, {
    filters: options.filters,
    ...(options.allowSecrets && { allowSecrets: options.allowSecrets }),
    followSymlinks: options.followSymlinks,
    ...signal,
  })
  const rules = await readSiteRules(root, walked.paths)
  const headers = [...rules.headers, ...(options.headers ?? [])]
  const named = sortByKey(
    walked.paths
      .filter((path) => !isRulesFile(path))
      .map((path): NamedFile => ({ path, key: options.prefix + path.normalize('NFC') })),
  )
  refuseFaults([...walked.faults, ...findKeyFaults(named), ...rules.faults])
  if (named.length === 0) throw sourceEmpty(dir)

  await recalled
  // Few sites need it, and of a million keys it takes 50 MB.
  const needsKeys = options.precompressed === true || rules.redirects !== undefined
  const keys = new Set(needsKeys ? named.map(({ key }) => key) : [])
  const ignore = options.ignore ?? []
  const isAllowed = compilePatterns(options.allowSecrets ?? [])
  const describe = compileStoredHeaders(headers, options.cacheControl)
  return { keys: named.map(({ key }) => key), scan }

  async function scan(isWanted?: (key: Key) => boolean): Promise<SiteSnapshot> {
    const wanted = isWanted === undefined ? named : named.filter(({ key }) => isWanted(key))
    const faults: FreshfrontError[] = []
    const secrets: FoundSecret[] = walked.secrets.map((path) => ({ path, kind: 'name' }))
    const places: { readonly file: NamedFile; readonly kind: FoundSecret['kind']; readonly offsetBytes: number }[] = []
    const metadata = wanted.map(describeNamed)
    const files: (SiteFile | undefined)[] = Array.from({ length: wanted.length }, () => undefined)
    // Of a part of the files it would keep only these.
    const cache = isWanted === undefined ? openCache(root, options, wanted.length, nowMs) : undefined
    let done = 0
    let bytes = 0
    await readContents(wanted, {
      wants: Uint8Array.from(wanted, (file, index) => wantsOf(file, metadata[index])),
      filePathOf,
      ignore,
      known: options.known,
      cache,
      signal: options.signal,
      onContent(index, content) {
        const file = wanted[index]
        const byName = metadata[index]
        if (file === undefined || byName === undefined) return
        const type = content.isText ? describe(normalPathOf(file.key), file.key, SNIFFED_TEXT) : byName
        files[index] = makeFile(file.key, filePathOf(file), content, type)
        bytes += content.sizeBytes
        done += 1
        if (done % FILES_PER_EVENT === 0) options.onEvent?.({ kind: 'scanning', done, bytes })
      },
      onSecret(index, place) {
        const file = wanted[index]
        if (file !== undefined) places.push({ file, ...place })
      },
      onFault: (fault) => faults.push(fault),
    })
    for (const { file, kind, offsetBytes } of places) {
      secrets.push({ path: file.path, kind, line: await lineOf(filePathOf(file), offsetBytes) })
    }
    refuseFaults(faults)
    cache?.save()
    const unstored = keepUnstored(headers)
    options.onEvent?.({ kind: 'scanned', files: files.length, bytes, skipped: walked.skipped.length })
    return {
      dir: root,
      files: files.filter((file) => file !== undefined),
      skipped: walked.skipped.toSorted((one, other) => compareKeys(one.path, other.path)),
      secrets: secrets.toSorted((one, other) => compareKeys(one.path, other.path)),
      ...(unstored.length > 0 && { unstoredHeaders: unstored }),
      ...(rules.redirects !== undefined && {
        redirects: rules.redirects,
        redirectFiles: redirectFiles(rules.redirects),
      }),
    }
  }

  function filePathOf({ path }: NamedFile): string {
    // Both parts are in memory anyway: joined like this they are not copied.
    return sep === '/' ? base + path : join(root, path)
  }

  /** In Unicode form NFC, as keys are. */
  function normalPathOf(key: Key): string {
    return key.slice(options.prefix.length)
  }

  function describeNamed({ key }: NamedFile): ObjectMetadata {
    const form = options.precompressed === true ? findPrecompressed(key) : undefined
    if (form === undefined || !keys.has(form.of)) return describe(normalPathOf(key), key)
    const metadata = describe(normalPathOf(key), key, describeObject(form.of).contentType)
    // A rule of the user's own for the header wins.
    return { contentEncoding: form.encoding, ...metadata }
  }

  function wantsOf({ path, key }: NamedFile, described: ObjectMetadata | undefined): number {
    const isUnknown = isUnknownType(key) && described?.contentEncoding === undefined
    const isStable = ignore.length > 0 && described !== undefined && isUtf8Text(described)
    return (
      (isAllowed(path) ? 0 : WANTS.secretSearch) +
      (isUnknown ? WANTS.sniffing : 0) +
      (isStable ? WANTS.stableDigest : 0)
    )
  }

  function redirectFiles(redirects: readonly RedirectRule[]): SiteFile[] {
    return makeRedirectFiles(redirects, (key) => keys.has(key), options.prefix)
  }
}

function openCache(root: string, options: ScanOptions, files: number, nowMs: number): StatCache | undefined {
  const { cacheFolder, ignore = [] } = options
  if (cacheFolder === undefined || files > MOST_CACHED_FILES || isWithin(resolve(cacheFolder), root)) return undefined
  return openStatCache({ folder: resolve(cacheFolder), dir: root, ignore, files, nowMs })
}

/** Field by field: objects made of others by `...` take half as much memory again. */
function makeFile(key: Key, filePath: string, digest: Digest, metadata: ObjectMetadata): SiteFile {
  const { sizeBytes, sha256, stableSha256 } = digest
  // Joined into one text, of which the MD5 is a part, the two take half the memory.
  const isMd5 = digest.etag === md5ToEtag(digest.md5)
  const etag = isMd5 ? ['"', digest.md5, '"'].join('') : digest.etag
  const md5 = isMd5 ? etag.slice(1, -1) : digest.md5
  if (stableSha256 === undefined) return { key, filePath, sizeBytes, md5, sha256, etag, metadata }
  return { key, filePath, sizeBytes, md5, sha256, etag, stableSha256, metadata }
}

/** Says what is wrong with the folder itself, in the words of the user. */
async function checkFolder(dir: string, root: string): Promise<void> {
  let isFolder: boolean
  try {
    isFolder = (await stat(root)).isDirectory()
  } catch (error) {
    const code = codeOf(error)
    throw code === 'ENOENT' || code === 'ENOTDIR' ? sourceNotFound(dir, []) : sourceNotReadable(dir, { cause: error })
  }
  if (!isFolder) throw sourceNotAFolder(dir)
}

/** @param sorted by key, so that equal keys are neighbours */
function findKeyFaults(sorted: readonly NamedFile[]): FreshfrontError[] {
  const faults: FreshfrontError[] = []
  for (const [at, { key }] of sorted.entries()) {
    if (sorted[at - 1]?.key === key) continue
    if (sorted[at + 1]?.key === key) faults.push(duplicateKey(key, pathsOfKey(sorted, at)))
    // A UTF-16 unit takes 3 bytes at most.
    const lengthBytes = key.length * 3 > MAX_KEY_BYTES ? Buffer.byteLength(key) : 0
    if (lengthBytes > MAX_KEY_BYTES) faults.push(keyTooLong(key, lengthBytes))
  }
  return faults
}

function pathsOfKey(sorted: readonly NamedFile[], first: number): string[] {
  const key = sorted[first]?.key
  const end = sorted.findIndex((file, at) => at > first && file.key !== key)
  return sorted
    .slice(first, end === -1 ? undefined : end)
    .map(({ path }) => path)
    .toSorted()
}

function refuseFaults(faults: readonly FreshfrontError[]): void {
  const [first, ...others] = faults
  if (first !== undefined) throw sourceFaulty([first, ...others])
}
