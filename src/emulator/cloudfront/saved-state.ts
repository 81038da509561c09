// Distributions and invalidations on disk, so that they outlive a restart. The caches do not: they come back cold.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SavedDistribution } from './distributions.ts'
import type { Invalidation } from './invalidations.ts'

export interface SavedState {
  readonly distributions: readonly SavedDistribution[]
  readonly invalidations: readonly Invalidation[]
}

const FILE_NAME = 'cloudfront.json'
const EMPTY: SavedState = { distributions: [], invalidations: [] }

/** The state kept in `folder`; an empty one when there is no file yet. */
export function loadState(folder: string | undefined): SavedState {
  if (folder === undefined) return EMPTY
  try {
    return JSON.parse(readFileSync(join(folder, FILE_NAME), 'utf8')) as SavedState
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return EMPTY
    throw error
  }
}

/** Whole or not at all: written beside the file, then renamed over it. */
export function saveState(folder: string | undefined, state: SavedState): void {
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  const filePath = join(folder, FILE_NAME)
  writeFileSync(`${filePath}.new`, JSON.stringify(state))
  renameSync(`${filePath}.new`, filePath)
}
