// Holds every request of two runs, and lets through exactly one at a time, as a schedule says; their clocks too move only by it. So the
// runs are interleaved at every step, and a run may stand still for as long as a schedule wants while time goes on.

import type { EmulatorService, HttpRequest, RequestLogEntry } from '../../src/emulator/index.ts'
import type { Clock } from '../../src/ports.ts'

export const RUNS = ['A', 'B'] as const
export type RunName = (typeof RUNS)[number]

/** Which of the waiting requests of a run goes next. @param labels at least one: `PUT /site/index.html` @returns its index */
export type Choose = (labels: readonly string[]) => number

export interface Turnstile {
  /** Of the embedded cloud: resolves when it is the request's turn. */
  readonly intercept: (service: EmulatorService, request: HttpRequest) => Promise<undefined>
  readonly requestLog: (entry: RequestLogEntry) => void
  /** Whether a run stands still, timers and all, as long as it is not its turn: a process that is stopped, a machine that sleeps. */
  freezes: boolean
  readonly clockOf: (run: RunName) => Clock
  /** Tells the turnstile that a run has begun; until `ended` it holds what it sends. */
  readonly watch: (run: RunName, ended: Promise<unknown>) => void
  /** Lets one request of the run through, or where it only sleeps, turns the clocks to its waking. @returns false when the run has ended */
  readonly step: (run: RunName, choose: Choose) => Promise<boolean>
  /** Whether such a request waits, once all that the run does by itself is done. */
  readonly hasSent: (run: RunName, pattern: RegExp) => Promise<boolean>
  /** What was let through, in order. */
  readonly passed: readonly Passed[]
  readonly forget: () => void
}

export interface Passed {
  readonly run: RunName
  readonly label: string
  readonly status: number
  /** Who held the lock when the request was sent, and when it was let through. */
  readonly holderWhenSent: RunName | undefined
  readonly holderWhenPassed: RunName | undefined
  /** How many had been let through when it was sent. */
  readonly passedWhenSent: number
}

interface Waiting {
  readonly label: string
  readonly holderWhenSent: RunName | undefined
  readonly passedWhenSent: number
  readonly letThrough: () => void
}

interface Sleeper {
  readonly dueMs: number
  readonly wake: () => void
}

interface Timer {
  dueMs: number
  readonly periodMs: number
  readonly task: () => Promise<void>
  readonly signal: AbortSignal
}

interface RunState {
  waiting: Waiting[]
  sleepers: Sleeper[]
  timers: Timer[]
  isUnderWay: boolean
}

/** @param runOf tells by a request whose it is; undefined: it is let through at once */
export function startTurnstile(
  clock: { readonly nowMs: () => number; readonly advance: (byMs: number) => void },
  runOf: (request: HttpRequest) => RunName | undefined,
): Turnstile {
  const newRun = (): RunState => ({ waiting: [], sleepers: [], timers: [], isUnderWay: false })
  const runs: Record<RunName, RunState> = { A: newRun(), B: newRun() }
  const passed: Passed[] = []
  let holder: RunName | undefined
  let onChange: () => void = () => undefined
  let onAnswered: (status: number) => void = () => undefined
  const change = (): Promise<void> => new Promise((resolve) => (onChange = resolve))
  const isIdle = ({ waiting, sleepers, isUnderWay }: RunState): boolean =>
    !isUnderWay || waiting.length > 0 || sleepers.length > 0

  /** What is due in a run, as far as the clock has come. */
  function wake(run: RunState): void {
    const nowMs = clock.nowMs()
    run.timers = run.timers.filter(({ signal }) => !signal.aborted)
    for (const timer of run.timers.filter(({ dueMs }) => dueMs <= nowMs)) {
      // Like the program's own clock: once, however late, and then a whole period later.
      timer.dueMs = Number.POSITIVE_INFINITY
      void timer.task().then(() => {
        timer.dueMs = clock.nowMs() + timer.periodMs
        onChange()
      })
    }
    for (const sleeper of run.sleepers.filter(({ dueMs }) => dueMs <= nowMs)) sleeper.wake()
  }

  function turnTo(timeMs: number, scheduled: RunName): void {
    const awake = RUNS.filter((name) => name === scheduled || !turnstile.freezes).map((name) => runs[name])
    for (;;) {
      const dueMs = Math.min(
        timeMs,
        ...awake.flatMap(({ timers }) => timers.map((timer) => Math.max(clock.nowMs(), timer.dueMs))),
      )
      if (dueMs > clock.nowMs()) clock.advance(dueMs - clock.nowMs())
      for (const run of awake) wake(run)
      if (dueMs >= timeMs) return
    }
  }

  /** A run that is alive renews its lock, however slow the rest of its requests are. */
  async function letRenew(name: RunName): Promise<void> {
    for (;;) {
      // Until its timer's request has come all the way here.
      const renews = (): boolean => runs[name].timers.some(({ dueMs }) => dueMs === Number.POSITIVE_INFINITY)
      const isRenewal = ({ label }: Waiting): boolean => /^PUT .*lock\.json/.test(label)
      while (renews() && !runs[name].waiting.some(isRenewal)) await change()
      const index = runs[name].waiting.findIndex(isRenewal)
      if (index < 0) return
      await letThrough(name, index)
    }
  }

  const turnstile: Turnstile = {
    freezes: false,
    passed,
    forget() {
      passed.length = 0
      holder = undefined
    },

    async intercept(service, request) {
      const name = service === 'edge' ? undefined : runOf(request)
      if (name === undefined || !runs[name].isUnderWay) return undefined
      const { waiting } = runs[name]
      await new Promise<void>((resolve) => {
        waiting.push({
          label: `${request.method} ${request.target}`,
          holderWhenSent: holder,
          passedWhenSent: passed.length,
          letThrough: resolve,
        })
        onChange()
      })
      return undefined
    },

    requestLog({ service, status }) {
      if (service !== 'edge') onAnswered(status)
    },

    clockOf(name) {
      const run = runs[name]
      return {
        nowMs: () => clock.nowMs(),
        sleep: (durationMs, signal) =>
          new Promise<void>((resolve, reject) => {
            if (signal?.aborted === true) {
              reject(signal.reason as Error)
              return
            }
            const end = (settle: () => void): void => {
              run.sleepers = run.sleepers.filter((other) => other !== sleeper)
              signal?.removeEventListener('abort', onAbort)
              settle()
            }
            const onAbort = (): void => end(() => reject(signal?.reason as Error))
            const sleeper: Sleeper = { dueMs: clock.nowMs() + durationMs, wake: () => end(resolve) }
            signal?.addEventListener('abort', onAbort)
            run.sleepers.push(sleeper)
            onChange()
          }),
        every(periodMs, task, signal) {
          run.timers.push({ dueMs: clock.nowMs() + periodMs, periodMs, task, signal })
        },
      }
    },

    watch(name, ended) {
      const run = runs[name]
      run.isUnderWay = true
      const end = (): void => {
        run.isUnderWay = false
        run.timers = []
        for (const { letThrough } of run.waiting.splice(0)) letThrough()
        onChange()
      }
      ended.then(end, end)
    },

    async hasSent(name, pattern) {
      while (!isIdle(runs[name])) await change()
      return runs[name].waiting.some(({ label }) => pattern.test(label))
    },

    async step(name, choose) {
      const run = runs[name]
      while (!isIdle(run)) await change()
      wake(run)
      while (!isIdle(run)) await change()
      if (!run.isUnderWay) return false
      if (run.waiting.length === 0) {
        turnTo(Math.min(...run.sleepers.map(({ dueMs }) => dueMs)), name)
        const other = name === 'A' ? 'B' : 'A'
        if (!turnstile.freezes && holder === other) await letRenew(other)
        return true
      }
      await letThrough(name, choose(run.waiting.map(({ label }) => label)))
      return true
    },
  }

  async function letThrough(name: RunName, index: number): Promise<void> {
    const [next] = runs[name].waiting.splice(index, 1)
    if (next === undefined) throw new Error('the schedule chose a request that there is not')
    const answered = new Promise<number>((resolve) => (onAnswered = resolve))
    const holderWhenPassed = holder
    next.letThrough()
    const status = await answered
    const { label, holderWhenSent, passedWhenSent } = next
    passed.push({ run: name, label, status, holderWhenSent, holderWhenPassed, passedWhenSent })
    if (label.includes('/.freshfront/lock.json') && status < 300) {
      if (label.startsWith('PUT')) holder = name
      if (label.startsWith('DELETE')) holder = undefined
    }
  }
  return turnstile
}
