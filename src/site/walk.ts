// Finds the files of a folder: which are deployed, which stay, and what is wrong with the names and links in it. Reads disk.

import { readdirSync, type Dirent } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import {
  fileChanged,
  fileNameNotUtf8,
  type FreshfrontError,
  sourceNotReadable,
  symlinkDangling,
  symlinkLeavesSource,
  symlinkLoop,
} from '../errors.ts'
import type { FilterRule, SkippedFile } from '../model.ts'
import { compileFilters, compileFolderExclusion, compilePatterns } from './filters.ts'
import { isNeverDeployed } from './never-deployed.ts'
import { isSecretName } from './secret-names.ts'
import { takeTurns } from './turns.ts'

export interface WalkOptions {
  readonly filters: readonly FilterRule[]
  /** Patterns of files that may be deployed although their names look like secrets. */
  readonly allowSecrets?: readonly string[]
  readonly followSymlinks: boolean
  readonly signal?: AbortSignal
}

export interface WalkedFolder {
  /** Relative to the folder, with `/`, spelled as on disk; in no order. */
  readonly paths: readonly string[]
  readonly skipped: readonly SkippedFile[]
  /** What the filters take in and its name says is secret; of a folder full of secrets the folder alone, with `/` at its end. */
  readonly secrets: readonly string[]
  /** Everything that must be put right before the folder can be deployed. */
  readonly faults: readonly FreshfrontError[]
}

/** A folder on the way: where it was found, and where it really is. */
interface Folder {
  readonly path: string
  readonly realPath: string
  /** The real folders in which the links lie that led here. */
  readonly linkedFrom: readonly string[]
  /** `.git/`: the folder around it, or itself, that makes all in it secret. */
  readonly secret: string | undefined
}

/**
 * Walks the folder. Links to files and folders inside of it are followed; one that leaves it is a fault, unless `followSymlinks`;
 * one that leads to nothing or back to a folder around it always is. What the filters leave out is never a fault.
 *
 * @param dir absolute, a folder
 * @throws the signal's reason when it is aborted
 */
export async function walkFolder(dir: string, options: WalkOptions): Promise<WalkedFolder> {
  const includes = compileFilters(options.filters)
  const allows = compilePatterns(options.allowSecrets ?? [])
  const excludesFolder = compileFolderExclusion(options.filters)
  const root = await realpath(dir)
  const paths: string[] = []
  const skipped: SkippedFile[] = []
  const secrets = new Set<string>()
  const faults: FreshfrontError[] = []
  const turn = takeTurns()

  let level: Folder[] = [{ path: '', realPath: root, linkedFrom: [], secret: undefined }]
  while (level.length > 0) {
    const next: Folder[] = []
    for (const folder of level) {
      await turn()
      options.signal?.throwIfAborted()
      await visitFolder(folder, next)
    }
    level = next
  }
  return { paths, skipped, secrets: [...secrets], faults }

  async function visitFolder(folder: Folder, found: Folder[]): Promise<void> {
    if (folder.path !== '' && excludesFolder(folder.path)) {
      skipped.push({ path: `${folder.path}/`, reason: 'excluded' })
      return
    }
    // One file that would be deployed is enough to refuse them all.
    if (folder.secret !== undefined && secrets.has(folder.secret)) return
    let entries: Dirent[]
    let misnamed: ReadonlySet<string>
    try {
      entries = readdirSync(folder.realPath, { withFileTypes: true })
      misnamed = findNamesNotUtf8(folder.realPath, entries)
    } catch (error) {
      faults.push(explainReadError(folder.path === '' ? dir : folder.path, error))
      return
    }
    for (const entry of entries) {
      const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`
      if (isNeverDeployed(path)) {
        skipped.push({ path: entry.isDirectory() ? `${path}/` : path, reason: 'never-deployed' })
      } else if (misnamed.has(entry.name)) {
        if (includes(path)) faults.push(fileNameNotUtf8(path))
        else skipped.push({ path, reason: 'excluded' })
      } else if (entry.isFile()) {
        visitFile(path, folder.secret ?? (isSecretName(entry.name, 'file') ? path : undefined))
      } else if (entry.isDirectory()) {
        const secret = folder.secret ?? (isSecretName(entry.name, 'folder') ? `${path}/` : undefined)
        found.push({ path, realPath: join(folder.realPath, entry.name), linkedFrom: folder.linkedFrom, secret })
      } else if (entry.isSymbolicLink()) {
        await visitLink(folder, path, entry.name, found)
      } else {
        skipped.push({ path, reason: 'not-a-regular-file' })
      }
    }
  }

  /** @param secret what to name should it be refused; undefined: it is like any file */
  function visitFile(path: string, secret: string | undefined): void {
    if (!includes(path)) skipped.push({ path, reason: 'excluded' })
    else if (secret !== undefined && !allows(path)) secrets.add(secret)
    else paths.push(path)
  }

  async function visitLink(folder: Folder, path: string, name: string, found: Folder[]): Promise<void> {
    const refuse = (fault: FreshfrontError, reason: SkippedFile['reason'] = 'excluded'): void => {
      if (isLinkExcluded(path)) skipped.push({ path, reason })
      else faults.push(fault)
    }
    let target: string
    let kind: 'file' | 'folder' | 'other'
    try {
      target = await realpath(join(folder.realPath, name))
      const found = await stat(target)
      kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other'
    } catch (error) {
      refuse(explainLinkError(path, error))
      return
    }
    const label = kind === 'folder' ? `${path}/` : path
    const secret = folder.secret ?? (kind !== 'other' && leadsToSecret(name, target, kind) ? label : undefined)
    if (kind === 'other') {
      skipped.push({ path, reason: 'not-a-regular-file' })
    } else if (isNeverDeployedTarget(target)) {
      skipped.push({ path, reason: 'never-deployed' })
    } else if (kind === 'file' && secret !== undefined && !allows(path)) {
      visitFile(path, secret)
    } else if (!isWithin(target, root) && !options.followSymlinks) {
      refuse(symlinkLeavesSource(path, target), kind === 'file' ? 'excluded' : 'symlink-not-followed')
    } else if (kind === 'file') {
      visitFile(path, secret)
    } else if ([folder.realPath, ...folder.linkedFrom].some((around) => isWithin(around, target))) {
      refuse(symlinkLoop(path), 'symlink-not-followed')
    } else {
      found.push({ path, realPath: target, linkedFrom: [...folder.linkedFrom, folder.realPath], secret })
    }
  }

  /** An include could bring back a file behind the link, so there the link must be left out by a rule on all that is behind it. */
  function isLinkExcluded(path: string): boolean {
    if (excludesFolder(path)) return true
    return !includes(path) && options.filters.every(({ kind }) => kind === 'exclude')
  }

  /** A harmless name makes a secret no less secret. */
  function leadsToSecret(name: string, target: string, kind: 'file' | 'folder'): boolean {
    if (isSecretName(name, kind) || isSecretName(basename(target), kind)) return true
    const above = isWithin(target, root) ? relative(root, target) : target
    return dirname(above)
      .split(sep)
      .some((folder) => isSecretName(folder, 'folder'))
  }

  function isNeverDeployedTarget(target: string): boolean {
    if (!isWithin(target, root)) return isNeverDeployed(basename(target))
    const names = relative(root, target).split(sep)
    return names.some((_, index) => isNeverDeployed(names.slice(0, index + 1).join('/')))
  }
}

/** Names whose bytes are not UTF-8 are read with U+FFFD in them, as are those that really hold it: only the bytes tell. */
function findNamesNotUtf8(folder: string, entries: readonly Dirent[]): ReadonlySet<string> {
  if (!entries.some(({ name }) => name.includes('\ufffd'))) return new Set()
  const names = readdirSync(folder, { encoding: 'buffer' })
  return new Set(names.filter((name) => !Buffer.from(name.toString()).equals(name)).map(String))
}

/** Whether the path is the folder or lies in it; both absolute. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** A file or folder that cannot be read, by its path in the folder. */
export function explainReadError(path: string, error: unknown): FreshfrontError {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return fileChanged(path)
  // Node's message goes on with the path as it is, which a terminal might obey.
  const [reason = ''] = String(error instanceof Error ? error.message : error).split(',')
  return sourceNotReadable(path, { cause: new Error(reason, { cause: error }) })
}

function explainLinkError(path: string, error: unknown): FreshfrontError {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return symlinkDangling(path)
  return code === 'ELOOP' ? symlinkLoop(path) : explainReadError(path, error)
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
