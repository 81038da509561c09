// A text → words, as a POSIX shell splits it, without a shell: quotes and backslashes are understood, and whatever would make a shell do
// something is refused. Pure.

import { argumentsInvalid, quote } from '../errors.ts'

/**
 * @param name of the input, for the sentence that the user gets
 * @returns patterns such as `*.map` stay as they are: nothing is expanded
 * @throws {FreshfrontError} `ARGUMENTS_INVALID` for an open quote, and for variables, commands and operators
 * @see POSIX.1-2024, Shell Command Language, 2.2 "Quoting" and 2.3 "Token Recognition"
 */
export function splitWords(text: string, name: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quotedBy: '"' | "'" | undefined
  const characters = Array.from(text)
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? ''
    if (quotedBy === "'") {
      if (character === "'") quotedBy = undefined
      else word += character
    } else if (character === '\\') {
      const next = characters[++at]
      if (next === undefined) throw notWords(name, 'it ends in a backslash')
      // Before a line break, both vanish; within double quotes a backslash stands for itself before most characters.
      if (next === '\n') continue
      word = (word ?? '') + (quotedBy === undefined || '$`"\\'.includes(next) ? next : `\\${next}`)
    } else if (character === '$' || character === '`') {
      throw notWords(name, `${quote(character)} would make a shell insert something, and no shell runs here`)
    } else if (quotedBy === '"') {
      if (character === '"') quotedBy = undefined
      else word += character
    } else if (character === '"' || character === "'") {
      quotedBy = character
      word ??= ''
    } else if (' \t\r\n'.includes(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if ('|&;<>()'.includes(character) || (character === '#' && word === undefined)) {
      throw notWords(name, `${quote(character)} would mean something to a shell, and no shell runs here`)
    } else {
      word = (word ?? '') + character
    }
  }
  if (quotedBy !== undefined) throw notWords(name, `a ${quotedBy} is never closed`)
  return word === undefined ? words : [...words, word]
}

function notWords(name: string, why: string): Error {
  return argumentsInvalid(
    `The input ${quote(name)} cannot be split into words: ${why}.`,
    'Put what is meant literally in single quotes, and use ${{ … }} of the workflow for what is to be inserted.',
  )
}
