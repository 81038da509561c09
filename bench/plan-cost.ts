// What planning costs per file, step by step, where almost nothing changed: `npx tsx bench/plan-cost.ts [FILES] [CHANGED]`. CPU time, the
// least of several rounds; no disk and no network.

import { distribution, liveObject, siteFile, siteState } from '../test/fakes/nouns.ts'
import { memoryBucket } from '../test/fakes/memory-bucket.ts'
import { NO_REQUESTS } from '../src/aws/request-meter.ts'
import { withMetadata } from '../src/live/objects.ts'
import type { Distribution, Outcome, Plan, SiteFile, SiteState } from '../src/model.ts'
import { digestPlan } from '../src/plan/basis.ts'
import { keysWithUnknownHeaders } from '../src/plan/diff.ts'
import { leaveIgnored } from '../src/plan/ignored.ts'
import { makePlan, planHasWork } from '../src/plan/make-plan.ts'
import { placeRedirects } from '../src/plan/redirect-objects.ts'
import { sha256 } from '../src/plan-release.ts'
import { orderUploads } from '../src/plan/waves.ts'
import { renderOutcomeJson } from '../src/report/json.ts'
import { renderOutcomeText } from '../src/report/text.ts'
import { nextState } from '../src/state/next-state.ts'

const ROUNDS = 5
const TAG_HEADER = 'x-amz-meta-cache-tag'
const WORLDS: readonly (readonly [title: string, Distribution | undefined])[] = [
  ['no distribution', undefined],
  ['one distribution', distribution()],
  ['one distribution that reads tags', distribution({ cacheTagHeader: TAG_HEADER })],
]

const files = Number(process.argv[2] ?? 10_000)
const changed = Number(process.argv[3] ?? 0)
for (const [title, reader] of WORLDS) {
  const costs = await measureWorld(reader)
  const total = [...costs.values()].reduce((sum, cost) => sum + cost, 0)
  console.log(`\n${title}: ${files} files, ${changed} changed; µs of CPU per file, ${total.toFixed(2)} in all`)
  for (const [step, cost] of costs) console.log(`  ${step.padEnd(24)} ${cost.toFixed(2)}`)
}

async function measureWorld(reader: Distribution | undefined): Promise<Map<string, number>> {
  const best = new Map<string, number>()
  const distributions = reader === undefined ? [] : [reader]
  const live = siteOf(files)
  const stored = JSON.stringify(stateOf(live, reader))
  for (let round = 0; round < ROUNDS; round += 1) {
    // Made anew each time, as a run does: nothing may be remembered from the round before.
    const site = { dir: '/site', files: withChanges(live, changed), skipped: [], secrets: [] }
    const state = JSON.parse(stored) as SiteState
    const listed = live.map((file) => liveObject(file))
    const measure = async <T>(step: string, task: () => T | Promise<T>): Promise<T> => {
      const before = process.cpuUsage()
      const result = await task()
      const { user, system } = process.cpuUsage(before)
      best.set(step, Math.min(best.get(step) ?? Infinity, (user + system) / files))
      return result
    }
    const unknown = await measure('keysWithUnknownHeaders', () => keysWithUnknownHeaders(site.files, listed, state))
    const objects = await measure('withMetadata', () => withMetadata(memoryBucket(), listed, unknown, 16))
    const world = { bucket: 'site', prefix: '', objects, distributions, website: undefined }
    const placed = await measure('placeRedirects', () => placeRedirects(site, world))
    const known = await measure('leaveIgnored', () => leaveIgnored(placed, { live: world, state, force: false }))
    const plan = await measure('makePlan', () => planOf(known.site, world, state))
    const ordered = await measure('orderUploads', () => orderUploads(plan.uploads, new Map(), ''))
    await measure('planHasWork', () => planHasWork(plan, state))
    if (changed > 0) {
      await measure('digestPlan', () => digestPlan({ ...plan, uploads: ordered }, sha256))
      await measure('nextState', () => nextState(recordingOf(plan, { site: known.site, objects, state })))
    }
    const outcome = outcomeOf(plan)
    await measure('renderOutcomeText', () => renderOutcomeText(outcome, { colors: false }))
    await measure('renderOutcomeJson', () => renderOutcomeJson(outcome))
  }
  return best
}

/** Pages in folders and their assets, some with a fingerprint. */
function siteOf(count: number): SiteFile[] {
  return Array.from({ length: count }, (_, index) => {
    const folder = `section-${index % 97}/post-${index}`
    const digits = sha256(`${index}`).slice(0, 8)
    const key =
      index === 0
        ? 'index.html'
        : [`${folder}/index.html`, `${folder}/photo.jpg`, `assets/app-${index}.${digits}.js`, `${folder}/page.html`][
            index % 4
          ]
    return siteFile(key ?? '', `body of ${index}`)
  })
}

function stateOf(live: readonly SiteFile[], reader: Distribution | undefined): SiteState {
  const isTagged = reader?.cacheTagHeader !== undefined
  const history = isTagged ? { history: [1, 1, 0, 0, 1], tagNames: ['cache-tag'] } : { history: [1, 1, 0, 0, 1] }
  const state = siteState(live, Object.fromEntries(live.map(({ key }) => [key, history])))
  const known = isTagged ? { tags: { header: TAG_HEADER, since: 'r1' } } : {}
  return { ...state, distributions: reader === undefined ? {} : { [reader.id]: known } }
}

function withChanges(live: readonly SiteFile[], count: number): SiteFile[] {
  const step = count === 0 ? Infinity : Math.floor(live.length / count)
  return live.map((file, index) => (index % step === 0 && index > 0 ? siteFile(file.key, `${index} is new`) : file))
}

function planOf(
  site: Parameters<typeof makePlan>[0]['site'],
  live: Parameters<typeof makePlan>[0]['live'],
  state: SiteState,
): Plan {
  return makePlan({
    site,
    live,
    state,
    debt: undefined,
    config: { prefix: '', force: false, delete: false, urls: [] },
    isExcluded: () => false,
    isKeptByRule: () => false,
    release: 'r2',
    nowMs: Date.UTC(2026, 10, 23),
    requestsSoFar: NO_REQUESTS,
    hash: sha256,
    runFunction: (_name, uri) => ({ kind: 'uri', uri }),
  })
}

function recordingOf(
  plan: Plan,
  {
    site,
    objects,
    state,
  }: { readonly site: { readonly files: readonly SiteFile[] } } & {
    readonly objects: Parameters<typeof nextState>[0]['objects']
    readonly state: SiteState
  },
): Parameters<typeof nextState>[0] {
  return {
    plan,
    completedAtMs: Date.UTC(2026, 10, 23),
    files: site.files,
    uploaded: plan.uploads.map(({ key, file }) => ({ key, etag: file.etag })),
    objects,
    before: state,
    isExcluded: () => false,
    removed: [],
  }
}

function outcomeOf(plan: Plan): Outcome {
  const done = { uploaded: plan.uploads.map(({ key, file }) => ({ key, etag: file.etag })), removed: [] }
  return { plan, result: 'live', ...done, invalidations: [], failures: [], requests: NO_REQUESTS, seconds: 1 }
}
