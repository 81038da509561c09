// A token bucket over a clock: how long a request waits so that a rate is kept. Arithmetic only; the caller sleeps.

export interface TokenBucketOptions {
  readonly tokensPerSecond: number
  /** What a full bucket holds: so much may go at once after a rest. */
  readonly capacity: number
  readonly nowMs: () => number
}

export interface TokenBucket {
  /**
   * Books the tokens at once, so that those who ask side by side wait one behind the other. More than the bucket ever holds leaves a full
   * one in debt, which the next ones wait for.
   * @returns milliseconds until the tokens are there, rounded up; 0: they are there now
   */
  book(count: number): number
}

/** A bucket that begins full. */
export function createTokenBucket({ tokensPerSecond, capacity, nowMs }: TokenBucketOptions): TokenBucket {
  let tokens = capacity
  let countedAtMs = nowMs()
  return {
    book(count) {
      const now = nowMs()
      tokens = Math.min(capacity, tokens + ((now - countedAtMs) / 1000) * tokensPerSecond)
      countedAtMs = now
      // A request for more than the bucket holds waits for a full one.
      const missing = Math.min(count, capacity) - tokens
      tokens -= count
      // Thousandths of a token are what adding fractions costs, not something to wait for.
      return missing <= 0.001 ? 0 : Math.ceil((missing / tokensPerSecond) * 1000)
    },
  }
}
