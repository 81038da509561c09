import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { childAt, childrenNamed, parseXml, textAt, writeXml } from './xml.ts'

describe('writeXml', () => {
  it('writes fields in order, repeats an element per list entry and leaves out what is undefined', () => {
    const content = { Name: 'a & b', Key: ['x', 'y'], Gone: undefined, None: [], Inner: { Count: 2, Truncated: false } }
    expect(writeXml('Result', content, 'http://example.com/')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Result xmlns="http://example.com/"><Name>a &amp; b</Name><Key>x</Key><Key>y</Key><Inner><Count>2</Count><Truncated>false</Truncated></Inner></Result>',
    )
  })

  it('writes text that parses back to itself, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // Characters that XML 1.0 has not got.
        fc.pre(!/(?![\t\n\r])[\0-\x1f]|[\ufffe\uffff]/.test(text))
        expect(textAt(parseXml(writeXml('Root', { Key: text })), 'Key')).toBe(text)
      }),
    )
  })
})

describe('parseXml', () => {
  it('keeps numbers, spaces and references as text, and drops attributes and prefixes', () => {
    const root = parseXml('<?xml version="1.0"?><s:Root a="1"><Key> 007 </Key><Key>a&#xD;&amp;&#10;</Key><E/></s:Root>')
    expect(root.name).toBe('Root')
    expect(childrenNamed(root, 'Key').map(({ text }) => text)).toEqual([' 007 ', 'a\r&\n'])
    expect(textAt(root, 'E')).toBe('')
    expect(childAt(root, 'E', 'Deeper')).toBeUndefined()
  })

  it('does not decode twice', () => {
    expect(textAt(parseXml('<A><B>&amp;lt;&amp;#10;</B></A>'), 'B')).toBe('&lt;&#10;')
  })

  it.each(['', 'text', '<A><B></A>', '<A>', '<!-- only a comment -->', '<A>&#x1;</A>', '<A>&#11;</A>'])(
    'refuses %j',
    (text) => {
      expect(() => parseXml(text)).toThrow(/XML/)
    },
  )
})
