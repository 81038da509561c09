// What two deploys of one site have recorded, to be held side by side.

import type { SiteState } from '../src/model.ts'
import type { Bucket } from '../src/ports.ts'
import { readSiteState } from '../src/state/site-state.ts'

/** But for names and times, which differ from run to run; whether a deploy was quiet no shard knows. */
export async function comparableState(bucket: Bucket): Promise<Partial<SiteState>> {
  const state = await readSiteState(bucket, '')
  if (state === undefined) throw new Error('There is no state.')
  const {
    release: _1,
    completedAt: _2,
    tagSalt: _3,
    endedShards: _4,
    conditionsKeptBy: _6,
    spending,
    gone,
    objects,
    distributions,
    ...rest
  } = state
  const entries = Object.entries(objects).map(([key, { changedIn: _5, history, ...record }]) => [
    key,
    { ...record, uploads: history?.slice(4) },
  ])
  return {
    ...rest,
    deploys: { ...state.deploys, quiet: [] },
    spending: { ...spending, purgedAt: [] },
    gone: Object.keys(gone ?? {}),
    objects: Object.fromEntries(entries),
    distributions: Object.keys(distributions),
  } as unknown as Partial<SiteState>
}
