// What the account holds, on disk, so that it outlives a restart. The caches do not: they come back cold.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SavedDistribution } from './distributions.ts'
import type { EdgeFunction } from './functions.ts'
import type { Invalidation } from './invalidations.ts'
import type { OwnCachePolicy } from './own-cache-policies.ts'
import type { Tenant } from './tenants.ts'

export interface SavedState {
  readonly distributions: readonly SavedDistribution[]
  readonly invalidations: readonly Invalidation[]
  readonly functions: readonly EdgeFunction[]
  readonly cachePolicies: readonly OwnCachePolicy[]
  readonly tenants: readonly Tenant[]
}

const FILE_NAME = 'cloudfront.json'
const EMPTY: SavedState = { distributions: [], invalidations: [], functions: [], cachePolicies: [], tenants: [] }

/** The state kept in `folder`; an empty one when there is no file yet. */
export function loadState(folder: string | undefined): SavedState {
  if (folder === undefined) return EMPTY
  try {
    return { ...EMPTY, ...(JSON.parse(readFileSync(join(folder, FILE_NAME), 'utf8')) as Partial<SavedState>) }
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
