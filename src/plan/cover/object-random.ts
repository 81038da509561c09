// Numbers that look random and are the same on every run. Pure.

/** A whole number from 0 to `below` - 1. */
export type NextInteger = (below: number) => number

/** Mulberry32. */
export function makeRandom(seed: number): NextInteger {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    return Math.floor((mixBits(state) / 2 ** 32) * below)
  }
}

/** 32 bits from 32 bits, each as good as tossed. */
export function mixBits(number: number): number {
  let bits = Math.imul(number ^ (number >>> 15), number | 1)
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
  return (bits ^ (bits >>> 14)) >>> 0
}
