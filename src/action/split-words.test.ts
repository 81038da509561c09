// Words as a shell splits them, and what only a shell could do.

import { describe, expect, it } from 'vitest'
import { splitWords } from './split-words.ts'

describe('splitWords', () => {
  it.each<[string, string[]]>([
    ['--acl public-read --follow-symlinks --delete', ['--acl', 'public-read', '--follow-symlinks', '--delete']],
    ['--exclude \'.git/*\' --exclude "a b"', ['--exclude', '.git/*', '--exclude', 'a b']],
    ['--exclude *.map', ['--exclude', '*.map']],
    ['a\'b c\'"d"\\ e', ['ab cd e']],
    ['"a\\"b\\$c\\d"', ['a"b$c\\d']],
    ['--delete \\\n  --force', ['--delete', '--force']],
    ['\'\' ""', ['', '']],
    ["'$(x) `y` ; #'", ['$(x) `y` ; #']],
    ['a#b', ['a#b']],
    [' \n ', []],
  ])('%j becomes %j', (text, words) => {
    expect(splitWords(text, 'args')).toEqual(words)
  })

  it.each([
    ['$(touch pwned)', '"$" would make a shell insert something'],
    ['"$HOME"', '"$" would make a shell insert something'],
    ['"`id`"', '"`" would make a shell insert something'],
    ['--delete; curl evil', '";" would mean something to a shell'],
    ['--delete && curl evil', '"&" would mean something to a shell'],
    ['--delete | sh', '"|" would mean something to a shell'],
    ['--delete > /etc/x', '">" would mean something to a shell'],
    ['--delete # --dryrun', '"#" would mean something to a shell'],
    ["--exclude '*.map", "a ' is never closed"],
    ['--exclude "', 'a " is never closed'],
    ['--delete \\', 'it ends in a backslash'],
  ])('%j is refused', (text, why) => {
    expect(() => splitWords(text, 'args')).toThrow(why)
  })
})
