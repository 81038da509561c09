// Puts a World into being on the embedded cloud: deploys its releases while readers come, and asks every edge location for every URL.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { connectAws } from '../../src/aws/connect.ts'
import { deploy } from '../../src/deploy.ts'
import {
  type Emulator,
  type HttpResponse,
  startEmulator,
  turnableClock,
  type TurnableClock,
} from '../../src/emulator/index.ts'
import type { Config, Outcome } from '../../src/model.ts'
import { switchCacheTagsOn } from '../switch-cache-tags-on.ts'
import { fakeClock } from '../fakes/fake-clock.ts'
import { BACKUP_BUCKET, BACKUP_KEYS, type Release, type SiteBodies, type World } from './arbitrary-world.ts'

const BUCKET = 'site'

export interface LiveWorld {
  readonly emulator: Emulator
  deploy(release: Release): Promise<Outcome>
  /** Lets the distributions read cache tags that do so from this release on. */
  switchTagsOn(releaseIndex: number): Promise<void>
  /** Asks for each URL at each edge location of each distribution, as browsers spell it. */
  read(sites: readonly SiteBodies[]): Promise<Map<string, string>>
  pass(release: Release): void
  forgetEverything(): void
  close(): Promise<void>
}

export async function startWorld(world: World): Promise<LiveWorld> {
  const clock = turnableClock(Date.UTC(2026, 10, 23))
  const { seed, ...switches } = world.emulator
  const emulator = await startEmulator({
    clock,
    cloudFront: { ...switches, seed, pops: ['FRA56-P4', 'NRT57-P2'], quotaModel: 'none' },
  })
  await emulator.s3.createBucket(BUCKET, {
    publicRead: world.isWebsite,
    listableByCloudFront: world.isListable,
    ...(world.isWebsite && { website: { indexDocument: 'index.html', errorDocument: `${world.prefix}404.html` } }),
  })
  await emulator.s3.createBucket(BACKUP_BUCKET, { listableByCloudFront: world.isListable })
  await putBackup(emulator)
  const made = world.distributions.map((options) =>
    emulator.cloudFront.createDistribution({ ...options, bucket: BUCKET }),
  )
  const domainNames = made.map(({ domainName }) => domainName)
  const dir = await mkdtemp(join(tmpdir(), 'freshfront-world-'))
  return {
    emulator,
    deploy: async (release) => deployRelease(emulator, clock, world, dir, release),
    async switchTagsOn(releaseIndex) {
      for (const [index, { tagsFromRelease }] of world.distributions.entries()) {
        if (tagsFromRelease === releaseIndex) await switchCacheTagsOn(emulator, made[index]?.id ?? '')
      }
    },
    async read(sites) {
      const answers = new Map<string, string>()
      for (const target of targetsOf(sites)) {
        for (const [index, domainName] of domainNames.entries()) {
          for (const edge of emulator.cloudFront.edges) {
            const response = await edge.handle({
              method: 'GET',
              target,
              headers: { host: domainName },
              body: nothing(),
            })
            answers.set(`${index} ${edge.pop} ${target}`, await describeAnswer(response))
          }
        }
      }
      return answers
    },
    pass({ idleMs, evictedFraction }) {
      clock.advance(idleMs)
      if (evictedFraction > 0) emulator.cloudFront.evictRandomly(evictedFraction)
    },
    forgetEverything() {
      for (const edge of emulator.cloudFront.edges) edge.evict()
      emulator.cloudFront.regionalCache.evict()
    },
    async close() {
      await emulator.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function putBackup({ s3Url, region, credentials }: Emulator): Promise<void> {
  const client = new S3Client({ endpoint: s3Url, region, credentials, forcePathStyle: true })
  for (const Key of BACKUP_KEYS)
    await client.send(new PutObjectCommand({ Bucket: BACKUP_BUCKET, Key, Body: `${Key} of the backup` }))
  client.destroy()
}

async function deployRelease(
  emulator: Emulator,
  clock: TurnableClock,
  world: World,
  dir: string,
  release: Release,
): Promise<Outcome> {
  await rm(dir, { recursive: true, force: true })
  for (const [name, body] of Object.entries(release.site)) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), body)
  }
  const config: Config = {
    dir,
    bucket: BUCKET,
    prefix: world.prefix,
    distributions: [],
    filters: [],
    delete: false,
    followSymlinks: false,
    force: false,
    wait: true,
    yes: true,
    concurrency: 8,
    urls: [],
    ...(release.cacheControl !== undefined && { cacheControl: release.cacheControl }),
  }
  const ports = await connectAws({
    bucket: BUCKET,
    region: emulator.region,
    endpointUrl: emulator.s3Url,
    cloudFrontEndpointUrl: emulator.cloudFrontUrl,
    credentials: emulator.credentials,
    concurrency: 8,
  })
  return deploy(config, { ...ports, clock: fakeClock(clock.nowMs(), (ms) => clock.advance(ms)) }, { mode: 'deploy' })
}

/** Every spelling that browsers send for the files of the sites, their folders and clean names, and for something that never exists. */
function targetsOf(sites: readonly SiteBodies[]): string[] {
  const targets = new Set(['/', '/missing.html', '/missing/'])
  for (const name of sites.flatMap((site) => Object.keys(site))) {
    // Browsers leave ' [ ] | raw in a path, and encode the rest; a person may type + for a space.
    const spelled = encodeURI(`/${name}`).replaceAll('%5B', '[').replaceAll('%5D', ']').replaceAll('#', '%23')
    targets.add(spelled).add(`${spelled}?v=1`)
    if (name.includes(' ')) targets.add(spelled.replaceAll('%20', '+'))
    if (name.includes('+')) targets.add(spelled.replaceAll('+', '%2B'))
    if (name.includes("'")) targets.add(spelled.replaceAll("'", '%27'))
    if (name.includes('[')) targets.add(spelled.replaceAll('[', '%5B').replaceAll(']', '%5D'))
    if (name.includes('~')) targets.add(spelled.replaceAll('~', '%7E'))
    const folder = spelled.slice(0, spelled.lastIndexOf('/') + 1)
    targets.add(folder)
    if (folder !== '/') targets.add(folder.slice(0, -1)).add(`${folder.slice(0, -1)}?v=1`)
    targets.add(spelled.replace(/\.html$/u, '')).add(`${spelled.replace(/\.html$/u, '')}/`)
  }
  return [...targets]
}

/** What a reader can tell answers apart by. */
async function describeAnswer(response: HttpResponse): Promise<string> {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const chunks: Uint8Array[] = []
  if (response.body instanceof Uint8Array) chunks.push(response.body)
  else for await (const chunk of response.body) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString('utf8')
  // An error of S3's own carries the ids of the request that it answered.
  const shown = body.replaceAll(/<(RequestId|HostId)>[^<]*<\/\1>|(Request|Host)Id: [^<\n]*/gu, '')
  return JSON.stringify([
    response.status,
    headers['content-type'],
    headers['cache-control'],
    headers['location'],
    shown,
  ])
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
