import { describe, expect, it } from 'vitest'
import { showName, showOnOneLine, showSentence } from './terminal-text.ts'

describe('showName', () => {
  it.each([
    ['blog/index.html', 'blog/index.html'],
    ['my photo é😀.jpg', 'my photo é😀.jpg'],
    ['', '""'],
    [' a.html', '" a.html"'],
    ['say "hi".html', '"say \\"hi\\".html"'],
    ['\u001b[31mred.html', '"\\u001b[31mred.html"'],
    ['two\nlines.html', '"two\\nlines.html"'],
    ['\u009b2J.html', '"\\u009b2J.html"'],
    ['lmth.\u202egpj', '"lmth.\\u202egpj"'],
  ])('%j is shown as %s', (name, expected) => {
    expect(showName(name)).toBe(expected)
  })
})

describe('showSentence', () => {
  it('keeps quotes, backslashes and line breaks, and spells out control characters', () => {
    expect(showSentence('There is no "a\\b".\n\u001b[2J\u009b\u202e\rdone')).toBe(
      'There is no "a\\b".\n\\u001b[2J\\u009b\\u202e\\rdone',
    )
  })
})

describe('showOnOneLine', () => {
  it('spells out line breaks too', () => {
    expect(showOnOneLine('a\nb')).toBe('a\\nb')
  })
})
