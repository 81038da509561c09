import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findEdits, toTokens, type TokenEdit } from './token-edits.ts'

function texts(before: string, after: string): [string, string][] | undefined {
  const [old, now] = [toTokens(before), toTokens(after)]
  return findEdits(old, now)?.map(({ beforeStart, beforeEnd, afterStart, afterEnd }) => [
    old.slice(beforeStart, beforeEnd).join(''),
    now.slice(afterStart, afterEnd).join(''),
  ])
}

function apply(edits: readonly TokenEdit[], before: readonly string[], after: readonly string[]): string[] {
  const result: string[] = []
  let at = 0
  for (const edit of edits) {
    result.push(...before.slice(at, edit.beforeStart), ...after.slice(edit.afterStart, edit.afterEnd))
    at = edit.beforeEnd
  }
  return [...result, ...before.slice(at)]
}

describe('findEdits', () => {
  it('finds several places far apart', () => {
    expect(texts('<b class="1">one</b> and two', '<b class="2">one</b> and 3')).toEqual([
      ['<b class="1">', '<b class="2">'],
      ['two', '3'],
    ])
  })

  it('finds what was added, what was taken away, and nothing in equal texts', () => {
    expect(texts('<p>a</p>', '<p>a</p><hr>')).toEqual([['', '<hr>']])
    expect(texts('a b', 'b')).toEqual([['a ', '']])
    expect(texts('a', 'a')).toEqual([])
  })

  it('gives up on texts that have nothing in common', () => {
    expect(texts('a '.repeat(300), 'b '.repeat(300))).toBeUndefined()
  })

  it('turns the one into the other, whatever they are, with edits that do not touch', () => {
    const tokens = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
    fc.assert(
      fc.property(tokens, tokens, (before, after) => {
        const edits = findEdits(before, after) ?? []
        expect(apply(edits, before, after)).toEqual(after)
        for (const [index, { beforeStart, afterStart }] of edits.entries()) {
          const last = edits[index - 1]
          expect(last === undefined || (last.beforeEnd < beforeStart && last.afterEnd < afterStart)).toBe(true)
        }
      }),
    )
  })
})

describe('toTokens', () => {
  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(toTokens(text).join('')).toBe(text)
      }),
    )
  })

  it('keeps a tag and a time whole, and a comment open for what is in it', () => {
    expect(toTokens('<a href="x">1.2 08:34</a>')).toEqual(['<a href="x">', '1.2', ' ', '08:34', '</a>'])
    expect(toTokens('<!--v1-->')).toEqual(['<!--', 'v1', '-->'])
  })
})
