// A few of many, evenly spread and always the same. Pure.

/** @returns at most `count` of them, in their order; the first is one of them */
export function spreadEvenly<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all]
  const places = Array.from({ length: count }, (_, index) => Math.floor((index * all.length) / count))
  return places.flatMap((place) => all.slice(place, place + 1))
}
