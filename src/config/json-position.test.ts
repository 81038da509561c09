import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { findJsonMistake } from './json-position.ts'

describe('findJsonMistake', () => {
  it.each([
    ['', 1, 1, 'expected a value, found the end of the file'],
    ['{\n  "bucket": "site",\n}', 2, 19, 'there is a comma before "}"'],
    ['{\n  "bucket": "site"\n  "prefix": "blog"\n}', 3, 3, 'expected a comma or "}", found "\\""'],
    ["{ 'bucket': 'site' }", 1, 3, 'expected a key in double quotes, found "\'"'],
    ['{ bucket: "site" }', 1, 3, 'expected a key in double quotes, found "b"'],
    ['{ "bucket" "site" }', 1, 12, 'expected a colon after the key, found "\\""'],
    ['{\n  // the site\n  "bucket": "site"\n}', 2, 3, 'JSON has no comments'],
    ['{ "filters": [1, 2,] }', 1, 19, 'there is a comma before "]"'],
    ['{ "dir": "C:\\site" }', 1, 13, 'a backslash in a string is written \\\\, found "\\\\"'],
    ['{ "dir": "site\n" }', 1, 10, 'the string that begins here does not end on its line'],
    ['{ "concurrency": 08 }', 1, 19, 'expected a comma or "}", found "8"'],
    ['{ "wait": True }', 1, 11, 'expected a value, found "T"'],
    ['{} {}', 1, 4, 'expected the end of the file, found "{"'],
    ['{\r\n\r\n  "a": 🚀 }', 3, 8, 'expected a value, found "🚀"'],
  ])('finds the mistake of %j', (text, line, column, message) => {
    expect(findJsonMistake(text)).toEqual({ line, column, message })
  })

  it('finds a mistake exactly where JSON.parse refuses', () => {
    const soup = fc.array(
      fc.constantFrom(...'{}[],:" \n\t\\u0a1-.eE/'.split(''), '"a"', 'true', 'null', '12', '\u0001'),
      {
        maxLength: 12,
      },
    )
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', '\\', '0'))
      .map(([json, at, put]) => {
        const cut = at % (json.length + 1)
        return json.slice(0, cut) + put + json.slice(cut + 1)
      })
    fc.assert(
      fc.property(
        fc.oneof(
          soup.map((parts) => parts.join('')),
          damaged,
          fc.json(),
        ),
        (text) => {
          expect(findJsonMistake(text) === undefined).toBe(isJson(text))
        },
      ),
      { numRuns: 3_000 },
    )
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
