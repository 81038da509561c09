// The emulator's time: the machine's, or one that a test turns. Everything in the emulator that ages, expires or arrives
// later asks this clock and no other.

export interface EmulatorClock {
  nowMs(): number
  /** Runs `task` once, `delayMs` from now; the function returned cancels it. */
  schedule(delayMs: number, task: () => void): () => void
}

export interface TurnableClock extends EmulatorClock {
  /** Moves time forward, running each task that falls due at its own moment, in order. */
  advance(byMs: number): void
}

/** The machine's clock. Pending tasks do not keep the process alive. */
export function realClock(): EmulatorClock {
  return {
    nowMs: () => Date.now(),
    schedule(delayMs, task) {
      const timer = setTimeout(task, delayMs)
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}

/** A clock that stands still until `advance` is called. */
export function turnableClock(startMs: number = Date.UTC(2026, 0, 1)): TurnableClock {
  let nowMs = startMs
  let tasks: { dueMs: number; task: () => void }[] = []
  return {
    nowMs: () => nowMs,
    schedule(delayMs, task) {
      const entry = { dueMs: nowMs + delayMs, task }
      tasks.push(entry)
      return () => {
        tasks = tasks.filter((other) => other !== entry)
      }
    },
    advance(byMs) {
      const endMs = nowMs + byMs
      for (;;) {
        const next = tasks.filter((entry) => entry.dueMs <= endMs).toSorted((a, b) => a.dueMs - b.dueMs)[0]
        if (next === undefined) break
        tasks = tasks.filter((entry) => entry !== next)
        nowMs = Math.max(nowMs, next.dueMs)
        next.task()
      }
      nowMs = endMs
    },
  }
}
