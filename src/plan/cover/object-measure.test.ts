import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countEvictions, measureCover } from './object-measure.ts'
import type { CachedObject } from './universe.ts'

const tag = fc.constantFrom('t1', 't2', 't3')
const path = fc.constantFrom('/', '/a', '/a/', '/a/b', '/a/b.html', '/b')
const object: fc.Arbitrary<CachedObject> = fc.record({
  key: fc.constant('key'),
  need: fc.constantFrom('must', 'keep', 'free'),
  weight: fc.constant(1),
  urls: fc.array(
    path.map((one) => ({ path: one, isExactItem: true, prefixLimit: one.length, isTagged: true })),
    { maxLength: 3 },
  ),
  tagLists: fc.array(fc.array(tag), { maxLength: 2 }),
})
const item = fc.oneof(
  tag.map((one) => `#${one}`),
  path.map((one) => `${one}*`),
)

it('counts what each item evicts as if it were the only one', () => {
  const checked = fc.property(fc.array(object), fc.array(item), (objects, items) => {
    const counts = countEvictions(objects, items)
    for (const one of items) expect(counts.get(one) ?? 0).toBe(measureCover(objects, [one]).lostObjects)
  })
  fc.assert(checked)
})
