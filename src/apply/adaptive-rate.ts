// How many requests may begin in a second, once the store has refused one: fewer at once alone either stays far below what it takes or is refused
// again and again, because one more at once is a large step where a store is near and quick.

/** Of what the store has just taken: what is begun after a refusal. */
const KEPT_SHARE = 0.9
/** A moment in which much was refused says little about the rate: no refusal costs more than this share of it. */
const LEAST_SHARE = 0.7
/** The rate grows by this share of itself in a second … */
const GROWTH_PER_SECOND = 0.02
/** … and has doubled after so many quiet seconds at the latest, so that a limit of a moment is soon forgotten. The shape is CUBIC's, RFC 9438. */
const DOUBLING_SECONDS = 15
/** A timer that is late may be made up for, by so much. */
const CATCH_UP_MS = 20
/** Until it has once been too much it is a guess, made while requests stood still that had been refused: it grows so many times in a second. */
const GUESS_GROWTH = 1.25
const WINDOW_MS = 1000

export interface AdaptiveRate {
  /** @returns milliseconds until the next request may begin; 0: now */
  delayMs(nowMs: number): number
  /** @returns whether it is this rate, and nothing else, that holds requests back */
  isBinding(nowMs: number): boolean
  began(nowMs: number): void
  finished(nowMs: number): void
  /** The store has asked to be asked less; once for all refusals of one moment. */
  refused(nowMs: number): void
}

/** Has no bound before the first refusal. */
export function adaptiveRate(startMs: number): AdaptiveRate {
  let allowed: { readonly perMs: number; readonly sinceMs: number; readonly isGuess: boolean } | undefined
  let nextAtMs = startMs
  let window = { startMs, count: 0 }
  let before = window

  function allowedPerMs(nowMs: number): number {
    if (allowed === undefined) return Number.POSITIVE_INFINITY
    const quietSeconds = (nowMs - allowed.sinceMs) / 1000
    if (allowed.isGuess) return allowed.perMs * GUESS_GROWTH ** quietSeconds
    return allowed.perMs * (1 + GROWTH_PER_SECOND * quietSeconds + (quietSeconds / DOUBLING_SECONDS) ** 3)
  }

  function isBinding(nowMs: number): boolean {
    return allowed !== undefined && nowMs - nextAtMs <= Math.max(CATCH_UP_MS, 1 / allowedPerMs(nowMs))
  }

  return {
    isBinding,
    delayMs: (nowMs) => Math.max(0, Math.ceil(nextAtMs - nowMs)),
    began(nowMs) {
      nextAtMs = Math.max(nextAtMs, nowMs - CATCH_UP_MS) + 1 / allowedPerMs(nowMs)
    },
    finished(nowMs) {
      if (nowMs - window.startMs >= WINDOW_MS) {
        before = window
        window = { startMs: nowMs, count: 0 }
      }
      window.count += 1
    },
    refused(nowMs) {
      const count = window === before ? window.count : window.count + before.count
      if (count === 0 || nowMs <= before.startMs) return
      const taken = (KEPT_SHARE * count) / (nowMs - before.startMs)
      const last = allowedPerMs(nowMs)
      const perMs = allowed === undefined ? taken : Math.min(Math.max(taken, LEAST_SHARE * last), KEPT_SHARE * last)
      allowed = { perMs, sinceMs: nowMs, isGuess: (allowed?.isGuess ?? true) && !isBinding(nowMs) }
    },
  }
}
