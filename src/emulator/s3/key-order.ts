// Keys in the order in which S3 lists them: by their UTF-8 bytes. JavaScript's own order is by UTF-16 units and differs
// where a character outside the Basic Multilingual Plane meets one from U+E000 to U+FFFF.

/** Compares as `Buffer.compare` would compare the two keys' UTF-8 bytes. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above U+FFFF, so they sort after every other unit. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000
}

/** The first position in sorted `keys` for which `isBefore` no longer holds. */
export function lowerBound(keys: readonly string[], isBefore: (key: string) => boolean): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(keys[middle] ?? '')) low = middle + 1
    else high = middle
  }
  return low
}

/** Adds a key to sorted `keys`, in place; a key that is there stays single. */
export function insertKey(keys: string[], key: string): void {
  const at = lowerBound(keys, (other) => compareKeys(other, key) < 0)
  if (keys[at] !== key) keys.splice(at, 0, key)
}

/** Takes a key out of sorted `keys`, in place. */
export function removeKey(keys: string[], key: string): void {
  const at = lowerBound(keys, (other) => compareKeys(other, key) < 0)
  if (keys[at] === key) keys.splice(at, 1)
}
