// One cloud in which cases run one after the other: a deploy with a fault, readers, a deploy without, and the question what is left of it.

import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { INDEX_DOCUMENTS_FUNCTION } from '../../src/emulator/index.ts'
import type { Config, Outcome } from '../../src/model.ts'
import { type Cloud, startCloud } from '../cloud.ts'
import { connectS3 } from '../emulated-s3.ts'
import { buildOf, urlsOf } from './builds.ts'
import { type Fault, mortalPorts, startTrial, type Trial } from './fault.ts'
import { findViolations, readEverywhere } from './site-check.ts'

/** Which build the run after the fault finds on the disk. */
export const SECOND_BUILDS = ['same', 'another', 'old'] as const
export type SecondBuild = (typeof SECOND_BUILDS)[number]

/** `adoption`: what is live has no record, as if another tool had put it. */
export type Start = 'release' | 'adoption'

export interface FaultCase {
  /** Whether the site has a file that goes in parts. */
  readonly hasFilm: boolean
  readonly start: Start
  readonly request: number
  readonly fault: Fault
  readonly second: SecondBuild
}

export interface FaultLane {
  /** The requests of a deploy without a fault: N is their number. */
  measure(start: Start): Promise<readonly string[]>
  /** @returns a sentence for each promise that was broken */
  run(fault: FaultCase): Promise<string[]>
  close(): Promise<void>
}

/** What another tool has put is removed too, so that after an adoption the bucket is the build as well. */
const settingsOf = (start: Start): Partial<Config> => ({ yes: true, concurrency: 3, delete: start === 'adoption' })
const NOT_FOUND_PAGE = { responsePagePath: '/404.html', responseCode: 404, errorCachingMinTtlSeconds: 5 }

export async function startFaultLane(hasFilm: boolean): Promise<FaultLane> {
  let trial: Trial | undefined
  const cloud = await startCloud({
    distribution: {
      defaultBehavior: { functions: { viewerRequest: INDEX_DOCUMENTS_FUNCTION } },
      errorResponses: [
        { errorCode: 403, ...NOT_FOUND_PAGE },
        { errorCode: 404, ...NOT_FOUND_PAGE },
      ],
    },
    emulator: {
      // Always the same delays, so that every run asks equally often how far its purge is.
      cloudFront: { pops: ['FRA56-P4', 'NRT57-P2'], purgeDelaysMs: { regional: 100, edges: [200, 300] } },
      intercept: (service, request) => trial?.meet(service, request),
    },
  })
  const s3 = connectS3(cloud.emulator)
  let version = 1
  let onDisk: Readonly<Record<string, Uint8Array>> = {}
  const put = async (next: number): Promise<void> => {
    const build = buildOf(next, hasFilm)
    const gone = Object.keys(onDisk).filter((key) => !(key in build))
    const changed = Object.entries(build).filter(
      ([key, bytes]) => Buffer.compare(onDisk[key] ?? Buffer.alloc(0), bytes) !== 0,
    )
    await cloud.write(Object.fromEntries([...gone.map((key) => [key, undefined] as const), ...changed]))
    onDisk = build
  }
  /** All that any run of a case may put or remove. */
  const urls = (): string[] => urlsOf([version, version + 1, version + 2])
  const prepare = async (start: Start): Promise<void> => {
    if (start === 'adoption') {
      await s3.send(new DeleteObjectCommand({ Bucket: 'site', Key: '.freshfront/state.json.gz' }))
    }
    await readEverywhere(cloud.emulator, urls())
  }
  /** A later run, on the same machine, sees that the process that died is gone; in truth both are this one. */
  const laterPorts = { ...cloud.ports, processes: { ...cloud.ports.processes, stateOf: async () => 'gone' as const } }
  /** A run as a process of its own. */
  const runTrial = async (under: Trial, start: Start): Promise<Outcome['result'] | 'thrown'> => {
    trial = under
    try {
      return (await cloud.deploy(settingsOf(start), {}, mortalPorts(laterPorts, under.isDead))).result
    } catch {
      return 'thrown'
    } finally {
      trial = undefined
    }
  }

  await put(version)
  await cloud.deploy(settingsOf('release'))
  return {
    async measure(start) {
      await prepare(start)
      await put(version + 1)
      const under = startTrial()
      const result = await runTrial(under, start)
      if (result !== 'fresh') throw new Error(`without a fault the deploy ended as ${result}`)
      version += 1
      return under.requests
    },

    async run(fault) {
      await prepare(fault.start)
      await put(version + 1)
      const under = startTrial(fault)
      const settings = settingsOf(fault.start)
      const first = await runTrial(under, fault.start)
      const wasMet = under.requests.length >= fault.request
      const found =
        first === 'fresh' ? await findViolations(cloud.emulator, s3, buildOf(version + 1, hasFilm), urls()) : []
      // A run that dies when all but giving back the lock is done was fresh; the next one takes the lock over.
      const early = found.filter((violation) => violation !== 'lock.json was left behind')
      await readersCome(cloud, urls())

      const second = { same: version + 1, another: version + 2, old: version }[fault.second]
      await put(second)
      const outcome = await cloud
        .deploy(settings, {}, laterPorts)
        .catch((error: unknown) => ({ result: String(error) }))
      const late = await findViolations(cloud.emulator, s3, buildOf(second, hasFilm), urls())
      const third = await cloud.deploy(settings, {}, laterPorts).catch((error: unknown) => ({ result: String(error) }))
      version = second
      const where = `${hasFilm ? 'with film' : 'without film'}, ${fault.start}, ${fault.fault} ${under.requests[fault.request - 1]}, then ${fault.second}`
      return [
        ...(wasMet ? [] : [`there was no request ${fault.request}`]),
        ...early.map((violation) => `the run with the fault said it was fresh: ${violation}`),
        ...(['fresh', 'nothing to do'].includes(outcome.result) ? [] : [`the next run ended as ${outcome.result}`]),
        ...late,
        ...(third.result === 'nothing to do' ? [] : [`the run after that ended as ${third.result}`]),
      ].map((violation) => `${where}: ${violation}`)
    },

    async close() {
      s3.destroy()
      await cloud.close()
    },
  }
}

/** One edge location still has what it had; the other has forgotten, and keeps what it finds in the bucket now. */
async function readersCome({ emulator }: Cloud, urls: readonly string[]): Promise<void> {
  emulator.cloudFront.regionalCache.evict()
  emulator.cloudFront.edges[1]?.evict()
  await readEverywhere(emulator, urls)
}
