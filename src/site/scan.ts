// The local folder → SiteSnapshot: walk it, name the keys, digest every file. Reads disk.

import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pMap from 'p-map'
import {
  duplicateKey,
  FreshfrontError,
  keyTooLong,
  sourceEmpty,
  sourceFaulty,
  sourceNotAFolder,
  sourceNotFound,
  sourceNotReadable,
} from '../errors.ts'
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
import { digestFile, makePieceBuffer } from './digest.ts'
import { compilePatterns } from './filters.ts'
import { compareKeys } from '../key-order.ts'
import { describeObject, findPrecompressed, isUnknownType } from './metadata.ts'
import { makeRedirectFiles } from './redirect-files.ts'
import { createSecretSearch, lineOf } from './secret-contents.ts'
import { isRulesFile, readSiteRules } from './site-rules.ts'
import { sniffText } from './sniff-text.ts'
import { stableDigest } from './stable-digest.ts'
import { compileStoredHeaders, keepUnstored } from './stored-headers.ts'
import { codeOf, explainReadError, walkFolder } from './walk.ts'

/** @see Amazon S3 User Guide, "Naming Amazon S3 objects" */
const MAX_KEY_BYTES = 1024

/** Of a file whose name says nothing. */
const SNIFFED_TEXT = 'text/plain; charset=utf-8'

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
  /** What is remembered of a file that was digested before; undefined: nothing. Asked after `recall` has resolved. */
  readonly known?: (key: Key) => KnownFile | undefined
  /** Begun when the folder is found and awaited before the first file is read: what `known` answers from. Must not reject. */
  readonly recall?: () => Promise<unknown>
  /** Files and folders read at once (16); each holds at most 1 MiB in memory, with `ignore` a text of up to 4 MiB. */
  readonly concurrency?: number
  readonly onEvent?: OnEvent
  readonly signal?: AbortSignal
}

/** Digests of a file whose bytes are the same when its size and SHA-256 are. */
export type KnownFile = Pick<SiteFile, 'sizeBytes' | 'sha256' | 'md5' | 'etag'>

/** A file on its way into the snapshot; `path` is relative to the folder, as on disk. */
interface NamedFile {
  readonly path: string
  readonly key: Key
}

/**
 * Reads a built site from disk: every file once, in bounded memory.
 *
 * @returns keys in Unicode form NFC, sorted by their UTF-8 bytes; what was left behind is in `skipped`, sorted; what looks like a secret
 *   and is not allowed in `secrets`, sorted: by its name it is not among the files, by its content it is
 * @throws {FreshfrontError} `SOURCE_NOT_FOUND`, `SOURCE_NOT_A_FOLDER`, `SOURCE_EMPTY`; for names and links `DUPLICATE_KEY`,
 *   `KEY_TOO_LONG`, `FILE_NAME_NOT_UTF8`, `SITE_RULE_INVALID`, `SYMLINK_LEAVES_SOURCE`, `SYMLINK_LOOP`, `SYMLINK_DANGLING`; for files
 *   `SOURCE_NOT_READABLE`, `FILE_CHANGED`. Several faults come as one error that lists them all: first those of names and links,
 *   and when there are none, those of files; of several kinds its code is `SOURCE_FAULTY`.
 */
export async function scanSite(dir: string, options: ScanOptions): Promise<SiteSnapshot> {
  const root = resolve(dir)
  const concurrency = options.concurrency ?? 16
  const signal = options.signal === undefined ? {} : { signal: options.signal }
  await checkFolder(dir, root)
  const recalled = options.recall?.()
  const walked = await walkFolder(root, {
    filters: options.filters,
    ...(options.allowSecrets && { allowSecrets: options.allowSecrets }),
    followSymlinks: options.followSymlinks,
    concurrency,
    ...signal,
  })
  const rules = await readSiteRules(root, walked.paths)
  const headers = [...rules.headers, ...(options.headers ?? [])]
  const named = walked.paths
    .filter((path) => !isRulesFile(path))
    .map((path): NamedFile => ({ path, key: options.prefix + path.normalize('NFC') }))
    .toSorted((one, other) => compareKeys(one.key, other.key))
  refuseFaults([...walked.faults, ...findKeyFaults(named), ...rules.faults])
  if (named.length === 0) throw sourceEmpty(dir)

  await recalled
  const keys = new Set(named.map(({ key }) => key))
  const faults: FreshfrontError[] = []
  const secrets: FoundSecret[] = walked.secrets.map((path) => ({ path, kind: 'name' }))
  const isAllowed = compilePatterns(options.allowSecrets ?? [])
  const buffers: Buffer[] = []
  const describe = compileStoredHeaders(headers, options.cacheControl)
  const digestStable = stableDigest(options.ignore ?? [])
  let done = 0
  let bytes = 0
  const files = await pMap(named, readFile, { concurrency, ...signal })
  refuseFaults(faults)
  const unstored = keepUnstored(headers)
  options.onEvent?.({ kind: 'scanned', files: files.length, bytes, skipped: walked.skipped.length })
  return {
    dir: root,
    files: files.filter((file) => file !== undefined),
    skipped: walked.skipped.toSorted((one, other) => compareKeys(one.path, other.path)),
    secrets: secrets.toSorted((one, other) => compareKeys(one.path, other.path)),
    ...(unstored.length > 0 && { unstoredHeaders: unstored }),
    ...(rules.redirects !== undefined && { redirects: rules.redirects, redirectFiles: redirectFiles(rules.redirects) }),
  }

  function describeNamed(path: string, key: Key): ObjectMetadata {
    const form = options.precompressed === true ? findPrecompressed(key) : undefined
    if (form === undefined || !keys.has(form.of)) return describe(path.normalize('NFC'), key)
    // A rule of the user's own for the header wins.
    return {
      contentEncoding: form.encoding,
      ...describe(path.normalize('NFC'), key, describeObject(form.of).contentType),
    }
  }

  function redirectFiles(redirects: readonly RedirectRule[]): SiteFile[] {
    return makeRedirectFiles(redirects, (key) => keys.has(key), options.prefix)
  }

  async function readFile({ path, key }: NamedFile): Promise<SiteFile | undefined> {
    const filePath = join(root, path)
    const buffer = buffers.pop() ?? makePieceBuffer()
    try {
      const metadata = describeNamed(path, key)
      const search = isAllowed(path) ? undefined : createSecretSearch()
      const sniffed = isUnknownType(key) && metadata.contentEncoding === undefined ? sniffText() : undefined
      const digest = await digestFile(filePath, buffer, {
        signal: options.signal,
        digestStable: digestStable(metadata),
        look: (bytes) => {
          search?.look(bytes)
          sniffed?.look(bytes)
        },
      })
      const found = search?.found()
      if (found !== undefined) {
        secrets.push({ path, kind: found.kind, line: await lineOf(filePath, found.offsetBytes) })
      }
      bytes += digest.sizeBytes
      done += 1
      if (done % FILES_PER_EVENT === 0) options.onEvent?.({ kind: 'scanning', done, bytes })
      const named = sniffed?.isText() === true ? describe(path.normalize('NFC'), key, SNIFFED_TEXT) : metadata
      return { key, filePath, ...digest, metadata: named }
    } catch (error) {
      options.signal?.throwIfAborted()
      faults.push(error instanceof FreshfrontError ? error : explainReadError(path, error))
      return undefined
    } finally {
      buffers.push(buffer)
    }
  }
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
  for (let at = 0; at < sorted.length;) {
    const key = sorted[at]?.key ?? ''
    const first = at
    while (sorted[at]?.key === key) at += 1
    const paths = sorted.slice(first, at).map(({ path }) => path)
    if (paths.length > 1) faults.push(duplicateKey(key, paths.toSorted()))
    const lengthBytes = Buffer.byteLength(key)
    if (lengthBytes > MAX_KEY_BYTES) faults.push(keyTooLong(key, lengthBytes))
  }
  return faults
}

function refuseFaults(faults: readonly FreshfrontError[]): void {
  const [first, ...others] = faults
  if (first !== undefined) throw sourceFaulty([first, ...others])
}
