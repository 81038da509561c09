// One cloud in which races run one after the other: two deploys of different builds, interleaved by a schedule, and then the question
// what is left of it.

import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connectAws } from '../../src/aws/connect.ts'
import { type HttpRequest, INDEX_DOCUMENTS_FUNCTION } from '../../src/emulator/index.ts'
import { FreshfrontError } from '../../src/errors.ts'
import type { Commit, Config } from '../../src/model.ts'
import type { Clock, Ports } from '../../src/ports.ts'
import { startCloud } from '../cloud.ts'
import { connectS3 } from '../emulated-s3.ts'
import { buildOf, urlsOf } from '../faults/builds.ts'
import { mortalPorts } from '../faults/fault.ts'
import { findViolations, readEverywhere } from '../faults/site-check.ts'
import { type Choose, type Passed, type RunName, RUNS, startTurnstile, type Turnstile } from './turnstile.ts'

/** A turn of one run: so many requests, or until it has ended. */
export interface Turn {
  readonly run: RunName
  readonly steps: number
  /** Or until it has sent such a request, which is held. */
  readonly until?: RegExp
}

/** What is true of the two runs, whatever the schedule. */
export interface Rules {
  readonly name: string
  /** A run whose turn it is not stands still, and is taken for one of another machine. */
  readonly freezes: boolean
  readonly lockWaitSeconds: number
  /** A deploys an older commit than B. */
  readonly commits: 'none' | 'refused' | 'superseded'
  /** When B has ended, A is gone, and only what it has sent before is carried out. */
  readonly dies?: boolean
  /** How far B's clock goes before A's. */
  readonly skewMs: number
}

export interface Race {
  readonly rules: Rules
  /** Each at least once to the end. */
  readonly turns: Iterable<Turn>
  readonly choose: Choose
  /** Which build the run after a race finds on the disk, when one of the two has lost its lock. */
  readonly next: RunName | 'before'
}

/** An outcome's result, or the code of the error that it ended with. */
export type Ending = string

export interface RaceResult {
  readonly endings: Readonly<Record<RunName, Ending>>
  /** Writes of a run that were under way when the other one took the lock, and were carried out. */
  readonly strays: readonly Passed[]
  /** A sentence for each promise that was broken. */
  readonly violations: readonly string[]
  readonly requests: number
  readonly stepsOfA: number
}

export interface RaceLane {
  run(race: Race): Promise<RaceResult>
  close(): Promise<void>
}

const ENDS_WELL: readonly Ending[] = ['fresh', 'nothing to do']
/** How a run may end that another one is in the way of. Each is exit 4, but `superseded`, which is 0. */
const GIVES_WAY: readonly Ending[] = ['LOCKED', 'OLDER_THAN_LIVE', 'superseded']
const SETTINGS: Partial<Config> = { yes: true, concurrency: 2, prefix: '' }

export async function startRaceLane(hasFilm: boolean): Promise<RaceLane> {
  let turnstile: Turnstile | undefined
  const cloud = await startCloud({
    distribution: {
      defaultBehavior: { functions: { viewerRequest: INDEX_DOCUMENTS_FUNCTION } },
      errorResponses: [403, 404].map((errorCode) => ({
        errorCode,
        responsePagePath: '/404.html',
        responseCode: 404,
        errorCachingMinTtlSeconds: 5,
      })),
    },
    emulator: {
      cloudFront: { pops: ['FRA56-P4', 'NRT57-P2'], purgeDelaysMs: { regional: 100, edges: [200, 300] } },
      intercept: (service, request) => turnstile?.intercept(service, request),
      requestLog: (entry) => turnstile?.requestLog(entry),
    },
  })
  const { emulator } = cloud
  const s3 = connectS3(emulator)
  const nowMs = (): number => emulator.clock.nowMs()
  const gate = startTurnstile({ nowMs, advance: (byMs) => cloud.advance(byMs) }, (request) =>
    RUNS.find((run) => isOf(run, request)),
  )
  turnstile = gate
  const folders: Record<RunName, string> = { A: await makeFolder(), B: await makeFolder() }
  const ports: Record<RunName, Ports> = { A: await connect('A'), B: await connect('B') }
  /** Of a run that nobody races. */
  const alone: Clock = {
    nowMs,
    sleep: async (durationMs) => cloud.advance(durationMs),
    every: () => undefined,
  }
  const portsAlone = { ...cloud.ports, clock: alone }
  let version = 1
  let raceNumber = 0
  let isDead = false
  await fill(cloud.dir, version)
  await cloud.deploy(SETTINGS, {}, portsAlone)

  async function connect(run: RunName): Promise<Ports> {
    const connected = await connectAws({
      bucket: 'site',
      region: emulator.region,
      endpointUrl: withHostOf(run, emulator.s3Url),
      cloudFrontEndpointUrl: withHostOf(run, emulator.cloudFrontUrl),
      credentials: emulator.credentials,
      concurrency: 8,
    })
    return { ...connected, clock: gate.clockOf(run) }
  }

  async function fill(dir: string, build: number): Promise<void> {
    await rm(dir, { recursive: true, force: true })
    for (const [key, bytes] of Object.entries(buildOf(build, hasFilm))) {
      await mkdir(dirname(join(dir, key)), { recursive: true })
      await writeFile(join(dir, key), bytes)
    }
  }

  async function begin(run: RunName, rules: Rules): Promise<Ending> {
    const { freezes, skewMs, commits, lockWaitSeconds } = rules
    const { clock, processes } = ports[run]
    const own = {
      ...ports[run],
      clock: { ...clock, nowMs: () => clock.nowMs() + (run === 'B' ? skewMs : 0) },
      processes: { ...processes, stateOf: async () => (freezes ? ('unknown' as const) : ('alive' as const)) },
    }
    const mortal = rules.dies === true && run === 'A' ? mortalPorts(own, () => isDead) : own
    const options = commits === 'none' ? {} : { commit: commitOf(run, raceNumber) }
    const settings = { ...SETTINGS, dir: folders[run], lockWaitSeconds, newestWins: commits === 'superseded' }
    try {
      const { result, failures } = await cloud.deploy(settings, options, mortal)
      return result === 'failed'
        ? ((failures.find(({ code }) => code === 'LOCK_LOST') ?? failures[0])?.code ?? result)
        : result
    } catch (error) {
      return error instanceof FreshfrontError ? error.code : String(error)
    }
  }

  return {
    async run({ rules, turns, choose, next }) {
      const builds: Record<RunName | 'before', number> = { before: version, A: version + 1, B: version + 2 }
      const urls = urlsOf(Object.values(builds))
      for (const run of RUNS) await fill(folders[run], builds[run])
      await readEverywhere(emulator, urls)
      gate.forget()
      isDead = false
      gate.freezes = rules.freezes
      const endings: Partial<Record<RunName, Ending>> = {}
      const stepsTaken: Record<RunName, number> = { A: 0, B: 0 }
      raceNumber += 1
      const begun = new Map<RunName, Promise<void>>()
      for (const { run, steps, until } of turns) {
        if (!begun.has(run)) {
          const ended = begin(run, rules).then((ending) => {
            endings[run] = ending
          })
          gate.watch(run, ended)
          begun.set(run, ended)
        }
        for (let step = 0; step < steps; step += 1) {
          if (until !== undefined && (await gate.hasSent(run, until))) break
          if (!(await gate.step(run, choose))) break
          stepsTaken[run] += 1
        }
        await readEverywhere(emulator, urls)
        isDead ||= rules.dies === true && endings.B !== undefined
        if (RUNS.every((each) => endings[each] !== undefined)) break
      }
      await Promise.all(begun.values())
      const { A = 'never begun', B = 'never begun' } = endings
      const strays = gate.passed.filter(isStray)
      const winner = RUNS.filter((run) => ENDS_WELL.includes(endings[run] ?? ''))
        .toSorted(byLockTaken(gate.passed))
        .at(-1)
      const isLost = RUNS.some((run) => endings[run] === 'LOCK_LOST')
      // B waited for a run that lived, and that died only then: the next one has both to make up for.
      const diedBehindOther = isDead && !ENDS_WELL.includes(A) && GIVES_WAY.includes(B)
      const violations = [
        ...RUNS.filter((run) => !isExpected(endings[run] ?? '', rules) && !(isDead && run === 'A')).map(
          (run) => `${run} ended as ${endings[run]}`,
        ),
        ...gate.passed.filter(isBegunWithoutLock).map(({ run, label }) => `${run} began ${label} without the lock`),
        ...gate.passed.filter(isLateRecord).map(({ run }) => `${run} wrote its state over that of its successor`),
        ...(winner === undefined && !isLost && !diedBehindOther ? ['neither was put live'] : []),
        ...(rules.commits !== 'none' && endings.B !== 'LOCKED' && winner !== 'B' ? ['the newer was not put live'] : []),
      ]
      const isWhole = winner !== undefined && strays.length === 0 && !isDead
      const left = isWhole ? winner : next
      if (isWhole) {
        const found = await findViolations(emulator, s3, buildOf(builds[winner], hasFilm), urls)
        // A run that has lost its lock owes what it did once more.
        violations.push(...found.filter((violation) => !(isLost && violation === 'pending.json was left behind')))
      } else {
        emulator.cloudFront.regionalCache.evict()
        emulator.cloudFront.edges[1]?.evict()
        await readEverywhere(emulator, urls)
      }
      if (!isWhole || isLost) {
        await fill(cloud.dir, builds[left])
        const then = await cloud
          .deploy(SETTINGS, {}, laterOn(portsAlone))
          .then(({ result, plan }) => ({ result, foreign: plan.foreign }), describeError)
        if (!ENDS_WELL.includes(then.result)) violations.push(`the next run ended as ${then.result}`)
        // Of a dead run nobody knows that it has put this: it is listed as foreign.
        const orphans = isDead ? strays.flatMap(keyOfPut).filter((key) => !(key in buildOf(builds[left], hasFilm))) : []
        const unlisted = orphans.filter((key) => !then.foreign.includes(key))
        violations.push(...unlisted.map((key) => `${key} is not listed as foreign`))
        if (orphans.length > 0) await cloud.deploy({ ...SETTINGS, delete: true }, {}, laterOn(portsAlone))
        violations.push(...(await findViolations(emulator, s3, buildOf(builds[left], hasFilm), urls)))
      }
      version = builds[left]
      return {
        endings: { A, B },
        strays,
        violations: violations.map((violation) => `${rules.name}, A ${A}, B ${B}: ${violation}`),
        requests: gate.passed.length,
        stepsOfA: stepsTaken.A,
      }
    },

    async close() {
      s3.destroy()
      await cloud.close()
      for (const run of RUNS) await rm(folders[run], { recursive: true, force: true })
    },
  }
}

/** Nobody else lives when the race is over. */
function laterOn(ports: Ports): Ports {
  return { ...ports, processes: { ...ports.processes, stateOf: async () => 'gone' } }
}

function describeError(error: unknown): { readonly result: Ending; readonly foreign: readonly string[] } {
  return { result: String(error), foreign: [] }
}

/** B's is the newer one, and those of a later race are newer still. */
function commitOf(run: RunName, raceNumber: number): Commit {
  const id = `${run}${raceNumber}`
  return { id, committedAt: new Date((raceNumber * 2 + (run === 'B' ? 1 : 0)) * 60_000).toISOString() }
}

/** Whose requests for the lock were granted last is who deployed last. */
function byLockTaken(passed: readonly Passed[]): (one: RunName, other: RunName) => number {
  const last = (run: RunName): number =>
    passed.findLastIndex((each) => each.run === run && each.status < 300 && isLockWrite(each))
  return (one, other) => last(one) - last(other)
}

function keyOfPut({ label }: Passed): string[] {
  const [, key] = /^PUT \/site\/([^?]*)/.exec(label) ?? []
  return key === undefined || key.startsWith('.freshfront/') ? [] : [key]
}

function isLockWrite({ label }: Passed): boolean {
  return label.startsWith('PUT /site/.freshfront/lock.json')
}

function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'freshfront-race-'))
}

/** A run is told by the name under which it knows the cloud. */
const HOSTS: Readonly<Record<RunName, string>> = { A: '127.0.0.1', B: 'localhost' }

function withHostOf(run: RunName, url: string): string {
  return url.replace('127.0.0.1', HOSTS[run])
}

function isOf(run: RunName, { headers }: HttpRequest): boolean {
  return headers['host']?.startsWith(`${HOSTS[run]}:`) === true
}

/** What changes what readers get: of an upload in parts, only its completion. */
function isSiteWrite({ label }: Passed): boolean {
  if (label.includes('/.freshfront/') || !/^(PUT|POST|DELETE) \/site/.test(label)) return false
  return !/[?&](uploads|partNumber)/.test(label) && !(label.startsWith('DELETE') && label.includes('uploadId='))
}

function isDocumentWrite({ label }: Passed): boolean {
  return /^(PUT|DELETE) \/site\/\.freshfront\/(state|pending)/.test(label)
}

function isBegunWithoutLock(request: Passed): boolean {
  return isSiteWrite(request) && request.holderWhenSent !== request.run
}

/** Sent while the run held the lock, and carried out when it did so no longer. */
function isStray(request: Passed): boolean {
  const { run, status, holderWhenSent, holderWhenPassed } = request
  const isWrite = isSiteWrite(request) || isDocumentWrite(request)
  return isWrite && status < 300 && holderWhenSent === run && holderWhenPassed !== run
}

/** Another run has written its state between the sending of this one's and its carrying out. */
function isLateRecord(request: Passed, index: number, passed: readonly Passed[]): boolean {
  const isState = ({ label, status }: Passed): boolean =>
    label.startsWith('PUT /site/.freshfront/state') && status < 300
  const between = passed.slice(request.passedWhenSent, index)
  return isState(request) && between.some((other) => other.run !== request.run && isState(other))
}

/** A run that stands still now and then is seen to live, and may be waited for in vain. */
function isExpected(ending: Ending, { freezes }: Rules): boolean {
  return ENDS_WELL.includes(ending) || GIVES_WAY.includes(ending) || (freezes && ending === 'LOCK_LOST')
}
