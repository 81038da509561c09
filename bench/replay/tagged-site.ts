// A site as it is deployed again and again: what is live, and with which tags each object was last uploaded.

import { createHash } from 'node:crypto'
import type { CachedObject, CachedUrl, Need } from '../../src/plan/cover/universe.ts'
import { looksFingerprinted } from '../../src/fingerprint.ts'
import { cacheTagList, makeTagHash, type TagHash } from '../../src/plan/tags/cache-tag-list.ts'
import { type DeployLog, logDeploy, NO_DEPLOYS } from '../../src/plan/tags/deploy-log.ts'
import { recordUpload, type UploadHistory } from '../../src/plan/tags/upload-history.ts'
import type { Deploy, History } from './history.ts'

interface LiveObject {
  readonly sizeBytes: number
  readonly urls: readonly CachedUrl[]
  readonly history: UploadHistory
  readonly tags: readonly string[]
}

/** What one deploy has to purge, with the tags that the objects had before it. */
export interface ReplayedDeploy {
  readonly deploy: Deploy
  readonly universe: readonly CachedObject[]
  readonly sizes: ReadonlyMap<string, number>
}

/**
 * The deploys one after the other, each against what all before it have left.
 *
 * @param without kinds of tags that the objects do not get: the letters that they start with
 */
export function* replayDeploys({ name, start, deploys }: History, without: string = ''): Generator<ReplayedDeploy> {
  const toTag = makeTagHash((text) => createHash('sha256').update(text).digest('hex'), name)
  const live = new Map<string, LiveObject>()
  let log = logDeploy(NO_DEPLOYS, { live: 0, changed: 0, added: start.size })
  for (const [key, sizeBytes] of start) upload(live, key, sizeBytes, log, toTag)
  for (const deploy of deploys) {
    yield {
      deploy,
      universe: universeOf(live, deploy, without),
      sizes: new Map([...live].map(([key, { sizeBytes }]) => [key, sizeBytes])),
    }
    log = logDeploy(log, { live: live.size, changed: deploy.changed.size, added: deploy.added.size })
    for (const key of deploy.removed) live.delete(key)
    for (const [key, sizeBytes] of [...deploy.added, ...deploy.changed]) upload(live, key, sizeBytes, log, toTag)
  }
}

/** The histories of all live objects after the last deploy. */
export function lastHistories({ start, deploys }: History): Map<string, UploadHistory> {
  const toTag: TagHash = () => ''
  const live = new Map<string, LiveObject>()
  let log: DeployLog = logDeploy(NO_DEPLOYS, { live: 0, changed: 0, added: start.size })
  for (const [key, sizeBytes] of start) upload(live, key, sizeBytes, log, toTag)
  for (const { added, changed, removed } of deploys) {
    log = logDeploy(log, { live: live.size, changed: changed.size, added: added.size })
    for (const key of removed) live.delete(key)
    for (const [key, sizeBytes] of [...added, ...changed]) upload(live, key, sizeBytes, log, toTag)
  }
  return new Map([...live].map(([key, { history }]) => [key, history]))
}

function upload(live: Map<string, LiveObject>, key: string, sizeBytes: number, log: DeployLog, toTag: TagHash): void {
  const before = live.get(key)
  const history = recordUpload(before?.history, log)
  live.set(key, { sizeBytes, urls: before?.urls ?? urlsOf(key), history, tags: cacheTagList(key, history, toTag) })
}

function universeOf(
  live: ReadonlyMap<string, LiveObject>,
  { changed, removed }: Deploy,
  without: string,
): CachedObject[] {
  const needOf = (key: string): Need => {
    if (removed.has(key)) return looksFingerprinted(key) ? 'free' : 'must'
    return changed.has(key) ? 'must' : 'keep'
  }
  return [...live].map(([key, { urls, tags }]) => ({
    key,
    need: needOf(key),
    weight: 1,
    urls,
    tagLists: [tags.filter((tag) => !without.includes(tag.charAt(0)))],
  }))
}

/** Every `x/index.html` is also served as `/x/` and `/x`. */
function urlsOf(key: string): CachedUrl[] {
  const path = `/${encodeURI(key)}`
  const folder = /^(.*)\/index\.html$/u.exec(path)?.[1]
  const paths = folder === undefined ? [path] : [path, `${folder}/`, ...(folder === '' ? [] : [folder])]
  return paths.map((url) => ({ path: url, isExactItem: true, prefixLimit: url.length, isTagged: true }))
}
