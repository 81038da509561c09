// Randomness that repeats: ids, request ids and purge delays come from here, so that a failing run can be run again.

export interface SeededRandom {
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number
  /** `length` characters drawn from `alphabet`. */
  text(length: number, alphabet: string): string
}

export const UPPER_CASE: string = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
export const LOWER_CASE: string = 'abcdefghijklmnopqrstuvwxyz0123456789'
export const HEX: string = '0123456789abcdef'
export const BASE64_URL: string = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Not for secrets: 32 bits of state, a Weyl sequence mixed by multiplication and xor-shifts. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  function fraction(): number {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  return {
    between: (min, max) => min + Math.floor(fraction() * (max - min + 1)),
    text: (length, alphabet) =>
      Array.from({ length }, () => alphabet.charAt(Math.floor(fraction() * alphabet.length))).join(''),
  }
}
