// A small outcome for the tests of src/report: two uploads, one removal, one distribution; each test changes what it is about.

import type { Outcome, Plan, PlannedInvalidation, PlannedUpload, RequestCounts, UploadReason } from '../../src/model.ts'
import { plannedCost } from './nouns.ts'

const NO_REQUESTS: RequestCounts = {
  put: 0,
  copy: 0,
  list: 0,
  head: 0,
  get: 0,
  delete: 0,
  readDistribution: 0,
  createInvalidation: 0,
  readInvalidation: 0,
}

export function plannedUpload(key: string, reason: UploadReason, sizeBytes: number, wave: number): PlannedUpload {
  const metadata = { contentType: 'text/html; charset=utf-8' }
  const file = { key, filePath: `/site/${key}`, sizeBytes, md5: 'd4', sha256: 'e3', etag: '"d4"', metadata }
  return { key, reason, sizeBytes, wave, file, cacheTags: {}, history: [1, 1, 0, 0, 1] }
}

const INVALIDATION: PlannedInvalidation = {
  distribution: 'E2QWRUHAPOMQZL',
  callerReference: 'freshfront-1',
  items: [
    { item: '/blog/', reasons: ['blog/index.html: bytes changed', 'blog/index.html is the default root object'] },
    { item: '/old.html', reasons: ['old.html: removed'] },
  ],
}

export function planOf(changes: Partial<Plan> = {}): Plan {
  return {
    formatVersion: 1,
    release: '2026-11-23T05-14-49Z-1f3a9c',
    distributions: {},
    bucket: 'my-site',
    prefix: '',
    uploads: [
      plannedUpload('app.3f9a1c.js', 'new', 51_200, 1),
      plannedUpload('blog/index.html', 'bytes changed', 420, 2),
    ],
    removals: [{ key: 'old.html', reason: 'no longer in the site' }],
    kept: [],
    keptByRule: [],
    unchanged: 412,
    invalidations: [INVALIDATION],
    cost: plannedCost({
      paths: 2,
      exactPaths: { paths: 4, priceUsd: 0 },
      everything: { paths: 1, evicts: 412, priceUsd: 0 },
    }),
    deploys: { scheme: 1, deploy: 7, quiet: [7] },
    tagSalt: 'salt',
    settleSeconds: 0,
    settleReasons: [],
    debt: undefined,
    foreign: [],
    warnings: [],
    refusals: [],
    checks: { list: [], keys: 0, ofKeys: 0 },
    requests: { ...NO_REQUESTS, put: 4, list: 1, delete: 2, createInvalidation: 1 },
    ...changes,
  }
}

export const EMPTY_PLAN: Plan = planOf({
  uploads: [],
  removals: [],
  invalidations: [],
  cost: plannedCost(),
  requests: { ...NO_REQUESTS, list: 1 },
})

/** The outcome of a run in which all went well. */
export function freshOutcome(changes: Partial<Outcome> = {}): Outcome {
  const plan = changes.plan ?? planOf()
  return {
    plan,
    result: 'fresh',
    uploaded: plan.uploads.map(({ key }) => ({ key, etag: '"d4"' })),
    removed: plan.removals.map(({ key }) => key),
    invalidations: plan.invalidations.map(({ distribution, items }) => {
      return { distribution, items, id: 'I2J0I21PCUYOIK', status: 'Completed' }
    }),
    failures: [],
    requests: { ...plan.requests, readInvalidation: 2 },
    seconds: 6.21,
    ...changes,
  }
}

/** The outcome of a run that stopped before its first write. */
export function idleOutcome(result: 'planned' | 'refused' | 'nothing to do', plan: Plan): Outcome {
  return freshOutcome({
    plan,
    result,
    uploaded: [],
    removed: [],
    invalidations: [],
    requests: { ...NO_REQUESTS, list: 1 },
    seconds: 0.4,
  })
}
