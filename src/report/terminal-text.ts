// Text from outside as a terminal may show it: file names, keys and messages of services can hold control characters, and a terminal
// obeys those. Pure.

import { quote, spellOutControls } from '../errors.ts'

/** A name: as it is when it is ordinary, else in quotes with what is odd in it spelled out. */
export function showName(name: string): string {
  const quoted = quote(name)
  const isOrdinary = quoted.length === name.length + 2 && name !== '' && name === name.trim()
  return isOrdinary ? name : quoted
}

/** A sentence: as it is, with control characters and the like spelled out; with `\n` a new line begins in it. */
export function showSentence(sentence: string): string {
  return sentence.split('\n').map(escapeControls).join('\n')
}

/** A text that stays on one line, whatever is in it. */
export function showOnOneLine(text: string): string {
  return escapeControls(text)
}

/** A JSON document, indented, with a line break at its end: it may be shown on a terminal, too. */
export function showJson(document: object): string {
  return `${spellOutControls(JSON.stringify(document, null, 2))}\n`
}

function escapeControls(text: string): string {
  // Character by character, so that the quotes and backslashes of a sentence stay as they are.
  return Array.from(text, (character) =>
    character === '"' || character === '\\' ? character : quote(character).slice(1, -1),
  ).join('')
}
