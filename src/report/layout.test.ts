import { describe, expect, it } from 'vitest'
import { alignColumns, wrapText } from './layout.ts'

describe('alignColumns', () => {
  it('pads every column but the last', () => {
    expect(
      alignColumns([
        ['a.html', 'new', '1 B'],
        ['blog/b.html', 'bytes changed', '20 kB'],
      ]),
    ).toEqual([
      ['a.html     ', 'new          ', '1 B'],
      ['blog/b.html', 'bytes changed', '20 kB'],
    ])
  })

  it('lets one very long name stick out instead of pushing all others aside', () => {
    const long = 'd'.repeat(57)
    expect(
      alignColumns([
        [long, 'new'],
        ['é😀', 'new'],
        ['abc', 'new'],
      ]),
    ).toEqual([
      [long, 'new'],
      ['é😀 ', 'new'],
      ['abc', 'new'],
    ])
  })

  it('has nothing to align in an empty list', () => {
    expect(alignColumns([])).toEqual([])
  })
})

describe('wrapText', () => {
  it('breaks at spaces before the line is too long, and indents what follows', () => {
    expect(wrapText('one two three four', 9, '  ')).toEqual(['one two', '  three', '  four'])
  })

  it('leaves a word whole that fits on no line', () => {
    expect(wrapText('see https://example.com/very/long now', 10, '  ')).toEqual([
      'see',
      '  https://example.com/very/long',
      '  now',
    ])
  })

  it('keeps the line breaks of the text', () => {
    expect(wrapText('2 faults:\n- one\n- two', 80, '  ')).toEqual(['2 faults:', '  - one', '  - two'])
  })
})
