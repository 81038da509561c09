// Warms every edge, lets a tool put the new release there and purge, and counts what readers get.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connectAws } from '../../src/aws/connect.ts'
import { deploy } from '../../src/deploy.ts'
import type { Config } from '../../src/model.ts'
import type { Ports } from '../../src/ports.ts'
import { fakeClock } from '../../test/fakes/fake-clock.ts'
import type { Edit, Site } from './edits.ts'
import { BUCKET, type MeasuredCloud, startCloud } from './measured-cloud.ts'
import type { Changes, Peer } from './peer-planners.ts'

export interface Result {
  /** URLs, each distribution's own, that some edge location answers with anything but the new release. */
  readonly stale: number
  /** URLs whose answer did not change, and which some edge location had in its cache and has no more. */
  readonly cold: number
  /** Whether CloudFront took an invalidation for invalid. */
  readonly isRefused: boolean
  /** Of each invalidation that was sent. */
  readonly items: readonly (readonly string[])[]
}

/** By distribution, edge location and URL: what readers get from one release, when caches remember no other. */
export interface Truth {
  readonly before: ReadonlyMap<string, string>
  readonly after: ReadonlyMap<string, string>
  /** What an edge still has in its cache, and fresh, at the end of the measurement when nothing is deployed. */
  readonly staysWarm: ReadonlySet<string>
}

type Objects = ReadonlyMap<string, { readonly body: string; readonly cacheControl: string }>

const A_DAY = 'public, max-age=86400'

export async function readTruth(edit: Edit): Promise<Truth> {
  const [before, after] = releasesOf(edit)
  const [old, fresh] = [await readRelease(edit, before), await readRelease(edit, after)]
  return { before: old.answers, after: fresh.answers, staysWarm: old.staysWarm }
}

async function readRelease(
  edit: Edit,
  objects: Objects,
): Promise<{ answers: Map<string, string>; staysWarm: Set<string> }> {
  const cloud = await startCloud(edit)
  await putAll(cloud, objects)
  const answers = await cloud.read()
  await cloud.wait()
  const staysWarm = cloud.warm()
  await cloud.close()
  return { answers, staysWarm }
}

/** All objects of the bucket before and after the edit. */
function releasesOf({ prefix = '', before, after, cacheControl = [A_DAY, A_DAY] }: Edit): [Objects, Objects] {
  const objectsOf = (site: Site, stated: string): Objects =>
    new Map(Object.entries(site).map(([name, body]) => [`${prefix}${name}`, { body, cacheControl: stated }]))
  return [objectsOf(before, cacheControl[0]), objectsOf(after, cacheControl[1])]
}

export async function deployWithPeer(edit: Edit, truth: Truth, peer: Peer): Promise<Result> {
  const cloud = await startCloud(edit)
  const [before, after] = releasesOf(edit)
  const { prefix = '' } = edit
  const distributions = edit.distributions.map(({ originPath = '' }) => ({ originPath }))
  const served = { prefix, distributions, websiteIndex: edit.isWebsite === true ? 'index.html' : undefined }
  await putAll(cloud, before)
  const items: (readonly string[])[] = []
  const result = await measure(cloud, truth, async () => {
    let live = before
    if (edit.firstRunDies === true) {
      await upload(cloud, changesBetween(live, after, peer), after)
      live = after
    }
    const changes = changesBetween(live, after, peer)
    await upload(cloud, changes, after)
    let isRefused = false
    for (const [index, paths] of peer.planPaths(changes, served).entries()) {
      if (paths.length === 0) continue
      items.push(paths)
      if (!(await cloud.invalidate(index, paths))) isRefused = true
    }
    return isRefused
  })
  return { ...result, items }
}

/** @param readsTags whether the distributions read cache tags */
export async function deployWithFreshfront(edit: Edit, truth: Truth, readsTags: boolean): Promise<Result> {
  const cloud = await startCloud(edit, readsTags)
  const dir = await mkdtemp(join(tmpdir(), 'freshfront-bench-'))
  const ports = await connect(cloud)
  const [firstControl, secondControl] = edit.cacheControl ?? [A_DAY, A_DAY]
  await writeSite(dir, edit.before)
  await runFreshfront(edit, dir, firstControl, ports)
  const items: (readonly string[])[] = []
  const result = await measure(cloud, truth, async () => {
    await writeSite(dir, edit.after)
    if (edit.firstRunDies === true) {
      const createInvalidation = (): Promise<never> => Promise.reject(new Error('The run is dead.'))
      const dying = { ...ports, distributions: { ...ports.distributions, createInvalidation } }
      const outcome = await runFreshfront(edit, dir, secondControl, dying)
      if (outcome.result !== 'failed') throw new Error(`The first run should have died, and was ${outcome.result}.`)
    }
    const outcome = await runFreshfront(edit, dir, secondControl, ports)
    if (outcome.result !== 'fresh') throw new Error(`${edit.name}: ${JSON.stringify(outcome.failures)}`)
    items.push(...outcome.invalidations.map((sent) => sent.items.map(({ item }) => item)))
    return false
  })
  await rm(dir, { recursive: true })
  return { ...result, items }
}

/** Closes the cloud. */
async function measure(
  cloud: MeasuredCloud,
  truth: Truth,
  deployAndTell: () => Promise<boolean>,
): Promise<Omit<Result, 'items'>> {
  await cloud.read()
  const isRefused = await deployAndTell()
  await cloud.wait()
  const warmAfter = cloud.warm()
  const answers = await cloud.read()
  if (cloud.emulator.faults.length > 0)
    throw new Error(`The embedded cloud failed: ${String(cloud.emulator.faults[0])}`)
  await cloud.close()
  const stale = [...answers].filter(([url, answer]) => answer !== truth.after.get(url))
  const cold = [...truth.staysWarm].filter(
    (url) => !warmAfter.has(url) && truth.before.get(url) === truth.after.get(url),
  )
  return { stale: countUrls(stale.map(([url]) => url)), cold: countUrls(cold), isRefused }
}

/** Once for all edge locations. */
function countUrls(asked: readonly string[]): number {
  return new Set(asked.map((name) => name.replace(/ \S+ /u, ' '))).size
}

/** What the tool finds by comparing the new release with the bucket. */
function changesBetween(live: Objects, wanted: Objects, peer: Peer): Changes {
  const changed = [...wanted].filter(([key, { body, cacheControl }]) => {
    const there = live.get(key)
    if (there === undefined) return false
    return there.body !== body || (peer.seesHeaders && there.cacheControl !== cacheControl)
  })
  return {
    added: [...wanted.keys()].filter((key) => !live.has(key)).toSorted(),
    changed: changed.map(([key]) => key).toSorted(),
    removed: [...live.keys()].filter((key) => !wanted.has(key)).toSorted(),
  }
}

async function upload(cloud: MeasuredCloud, { added, changed, removed }: Changes, wanted: Objects): Promise<void> {
  await putAll(cloud, new Map([...wanted].filter(([key]) => added.includes(key) || changed.includes(key))))
  for (const key of removed) await cloud.remove(key)
}

async function putAll(cloud: MeasuredCloud, objects: Objects): Promise<void> {
  for (const [key, { body, cacheControl }] of objects) await cloud.put(key, body, cacheControl)
}

async function connect({ emulator, clock }: MeasuredCloud): Promise<Ports> {
  const connected = await connectAws({
    bucket: BUCKET,
    region: emulator.region,
    endpointUrl: emulator.s3Url,
    cloudFrontEndpointUrl: emulator.cloudFrontUrl,
    credentials: emulator.credentials,
    concurrency: 8,
  })
  return { ...connected, clock: fakeClock(clock.nowMs(), (ms) => clock.advance(ms)) }
}

function runFreshfront(
  { prefix = '' }: Edit,
  dir: string,
  cacheControl: string,
  ports: Ports,
): ReturnType<typeof deploy> {
  const config: Config = {
    dir,
    bucket: BUCKET,
    prefix,
    cacheControl,
    distributions: [],
    filters: [],
    delete: false,
    followSymlinks: false,
    force: false,
    wait: true,
    yes: false,
    concurrency: 8,
    urls: [],
  }
  return deploy(config, ports, { mode: 'deploy' })
}

async function writeSite(dir: string, site: Site): Promise<void> {
  await rm(dir, { recursive: true })
  for (const [name, body] of Object.entries(site)) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), body)
  }
}
