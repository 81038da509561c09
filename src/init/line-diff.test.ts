import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { renderLineDiff } from './line-diff.ts'

describe('renderLineDiff', () => {
  it('shows a change with three lines around it', () => {
    expect(renderLineDiff('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nfive\n6\n7\n8\n9\n')).toBe(
      '@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8',
    )
  })

  it('shows changes far apart in hunks of their own', () => {
    const lines = Array.from({ length: 20 }, (_, position) => String(position + 1))
    const after = ['0', ...lines.slice(0, 19), 'twenty']
    expect(renderLineDiff(lines.join('\n'), after.join('\n'))).toBe(
      '@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -17,4 +18,4 @@\n 17\n 18\n 19\n-20\n+twenty',
    )
  })

  it('shows nothing of two texts that are the same, and all of a new one', () => {
    expect(renderLineDiff('a\n', 'a\n')).toBe('')
    expect(renderLineDiff('', 'a\nb\n')).toBe('@@ -1,0 +1,2 @@\n+a\n+b')
  })

  it('leads from either text to the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = renderLineDiff(
          before.map((line) => `${line}\n`).join(''),
          after.map((line) => `${line}\n`).join(''),
        )
        const hunks = diff.split(/^@@ -(\d+),\d+ .*\n?/mu).slice(1)
        const result: string[] = [...before]
        for (let at = hunks.length - 2; at >= 0; at -= 2) {
          const changes = (hunks[at + 1] ?? '').replace(/\n$/u, '').split('\n')
          const old = changes.filter((line) => !line.startsWith('+')).map((line) => line.slice(1))
          const start = Number(hunks[at]) - 1
          expect(before.slice(start, start + old.length)).toEqual(old)
          result.splice(
            start,
            old.length,
            ...changes.filter((line) => !line.startsWith('-')).map((line) => line.slice(1)),
          )
        }
        expect(result).toEqual(after)
      }),
    )
  })
})
