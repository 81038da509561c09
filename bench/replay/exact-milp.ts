// The best cover there is, by a solver of integer programs: every tag, path and prefix of what has to go is an item, nothing is left out
// by thought. Shares no code with the search that it judges.

import highsModule from 'highs'
import type { CachedObject } from '../../src/plan/cover/universe.ts'

/** Weight that the best cover evicts; undefined where the solver did not finish in time. */
export type SolveExactly = (
  objects: readonly CachedObject[],
  maxItems: number,
  maxPrefixes: number,
) => number | undefined

interface Item {
  readonly isPrefix: boolean
  readonly purges: Set<number>
  readonly evicts: Set<number>
}

export async function loadExactSolver(timeLimitSeconds: number): Promise<SolveExactly> {
  // The package's types are those of its CommonJS build, where the function is under `default`; its ESM build exports the function itself.
  const highs = await (highsModule as unknown as typeof highsModule.default)()
  return (objects, maxItems, maxPrefixes) => {
    const program = writeProgram(objects, maxItems, maxPrefixes)
    if (program === undefined) return 0
    const { Status, ObjectiveValue } = highs.solve(program, {
      output_flag: false,
      time_limit: timeLimitSeconds,
      mip_rel_gap: 0,
      mip_abs_gap: 1e-6,
    })
    return Status === 'Optimal' ? Math.max(0, ObjectiveValue) : undefined
  }
}

/** In CPLEX's LP format: x = items, z = what is evicted. */
function writeProgram(objects: readonly CachedObject[], maxItems: number, maxPrefixes: number): string | undefined {
  const items = mergeItems(listItems(objects))
  const urlCount = objects.reduce((sum, { need, urls }) => sum + (need === 'must' ? urls.length : 0), 0)
  if (urlCount === 0) return undefined
  const evictedBy = new Map<number, number[]>()
  for (const [i, { evicts }] of items.entries())
    for (const object of evicts) evictedBy.set(object, [...(evictedBy.get(object) ?? []), i])
  const groups = new Map<string, { weight: number; by: readonly number[] }>()
  for (const [object, by] of evictedBy) {
    const name = by.join(' ')
    groups.set(name, { weight: (groups.get(name)?.weight ?? 0) + (objects[object]?.weight ?? 0), by })
  }
  const evicted = [...groups.values()]
  const purgedBy = new Set(
    Array.from({ length: urlCount }, (_, url) =>
      items.flatMap(({ purges }, i) => (purges.has(url) ? [`x${i}`] : [])).join(' + '),
    ),
  )
  const prefixes = items.flatMap(({ isPrefix }, i) => (isPrefix ? [`x${i}`] : []))
  return [
    'Minimize',
    ` obj: ${evicted.length === 0 ? '0 x0' : evicted.map(({ weight }, i) => `${weight} z${i}`).join(' + ')}`,
    'Subject To',
    ` items: ${items.map((_, i) => `x${i}`).join(' + ')} <= ${maxItems}`,
    ...(prefixes.length > 0 ? [` prefixes: ${prefixes.join(' + ')} <= ${maxPrefixes}`] : []),
    ...[...purgedBy].map((sum, i) => ` purged${i}: ${sum} >= 1`),
    ...evicted.flatMap(({ by }, i) => by.map((item) => ` evicted${i}_${item}: z${i} - x${item} >= 0`)),
    'Bounds',
    ...evicted.map((_, i) => ` 0 <= z${i} <= 1`),
    'Binary',
    ...items.map((_, i) => ` x${i}`),
    'End',
  ].join('\n')
}

/** Every tag of an object that has to go, every one of its paths and every beginning of them. */
function listItems(objects: readonly CachedObject[]): Map<string, Item> {
  const items = new Map<string, Item>()
  const itemOf = (name: string, isPrefix: boolean): Item => {
    const item = items.get(name) ?? { isPrefix, purges: new Set(), evicts: new Set() }
    items.set(name, item)
    return item
  }
  let url = 0
  for (const { need, urls, tagLists } of objects) {
    if (need !== 'must') continue
    for (const { path, isExactItem, prefixLimit, isTagged } of urls) {
      for (const tag of tagLists[0] ?? [])
        if (isTagged && tagLists.every((list) => list.includes(tag))) itemOf(`#${tag}`, false).purges.add(url)
      if (isExactItem) itemOf(path, false).purges.add(url)
      for (let end = 1; end <= Math.min(path.length, prefixLimit); end += 1)
        if (!cutsCharacter(path, end)) itemOf(`${path.slice(0, end)}*`, true).purges.add(url)
      url += 1
    }
  }
  for (const [i, { need, urls, tagLists, weight }] of objects.entries()) {
    if (need !== 'keep' || weight === 0) continue
    for (const tag of tagLists.flat()) items.get(`#${tag}`)?.evicts.add(i)
    for (const { path } of urls) {
      items.get(path)?.evicts.add(i)
      for (let end = 1; end <= path.length; end += 1) items.get(`${path.slice(0, end)}*`)?.evicts.add(i)
    }
  }
  return items
}

/** Whether a cut there falls into `%C3%A9`. */
function cutsCharacter(path: string, end: number): boolean {
  const before = path.slice(0, end)
  return /%[0-9A-F]?$/u.test(before) || (/%[0-9A-F]{2}$/u.test(before) && /^%[89AB]/u.test(path.slice(end)))
}

/** Of items that do the same one is enough, one that is no prefix if there is one. */
function mergeItems(items: ReadonlyMap<string, Item>): Item[] {
  const merged = new Map<string, Item>()
  for (const item of items.values()) {
    const name = `${[...item.purges].join(' ')}|${[...item.evicts].join(' ')}`
    const held = merged.get(name)
    if (held === undefined || (held.isPrefix && !item.isPrefix)) merged.set(name, item)
  }
  return [...merged.values()]
}
