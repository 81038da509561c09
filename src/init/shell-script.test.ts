import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readScript } from './shell-script.ts'

function wordsOf(script: string): readonly (readonly string[])[] {
  return readScript(script, (name) => ({ HOME: '/home/me', EMPTY: '' })[name]).map(({ words, plain }) => [
    ...words.map(({ value, unknown }) => (unknown === undefined ? value : `unknown ${unknown}`)),
    ...(plain ? [] : ['not plain']),
  ])
}

describe('readScript', () => {
  it.each([
    ['a  b\n\n# c\nd # e', [['a', 'b'], ['d']]],
    ['a && b;c \\\n  --d\n', [['a'], ['b'], ['c', '--d']]],
    [`a 'b "c"' "d 'e' \\" \\x" f\\ g h'i'"j"`, [['a', 'b "c"', `d 'e' " \\x`, 'f g', 'hij']]],
    ['a $HOME "${HOME}/b" \'$HOME\' \\$HOME $ 5$', [['a', '/home/me', '/home/me/b', '$HOME', '$HOME', '$', '5$']]],
    [
      'a $OTHER "$(b $(c))" ${X:-y} $1',
      [['a', 'unknown $OTHER', 'unknown $(b $(c))', 'unknown ${X:-y}', 'unknown $1']],
    ],
    ["a ${{ secrets.A }}/b '${{ format('x y') }}'", [['a', '${{ secrets.A }}/b', "${{ format('x y') }}"]]],
    [
      'A=1\nB="$A 2"; export C=$B\na $A $B $C\nA=$(x)\na $A',
      [['A=1'], ['B=1 2'], ['export', 'C=1 2'], ['a', '1', '1 2', '1 2'], ['unknown $(x)'], ['a', 'unknown $A']],
    ],
    ['a > /dev/null 2>&1\nb >f', [['a'], ['b', 'f', 'not plain']]],
    ['a | b', [['a', 'b', 'not plain']]],
    ['a "b', [['a', 'unknown "']]],
  ])('reads %j', (script, commands) => {
    expect(wordsOf(script)).toEqual(commands)
  })

  it('ends, and cuts the script only where commands are, whatever it is given', () => {
    const script = fc.string({
      unit: fc.constantFrom(...Array.from('ab ="\'\\\n\t\f;&|<>(){}$`#-'), '$(', '${', '${{', '}}', 'x='),
    })
    fc.assert(
      fc.property(script, (text) => {
        for (const { words, start, end } of readScript(text, () => 'v')) {
          expect(end).toBeGreaterThanOrEqual(start)
          for (const { raw } of words) expect(text.slice(start, end)).toContain(raw)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
