// Text from outside as GitHub's Markdown may hold it: names of files, keys and branches and messages of services can be written by a
// stranger, and must stay text. Pure.
//
// All that could mean something is written as a character reference, which Markdown never takes for structure. What GitHub makes of the
// finished text (mentions, references to issues) it leaves alone inside <code>, and cannot see where an element cuts the word.

import { showName, showOnOneLine, showSentence } from './terminal-text.ts'

/** A name or a path: `<code>blog/index.html</code>`. */
export function codeOf(name: string): string {
  return `<code>${escapeAll(showName(name))}</code>`
}

/** A sentence, in which a line break stays one. */
export function proseOf(sentence: string): string {
  return showSentence(sentence).split('\n').map(escapeProse).join('<br>')
}

/** A sentence in a cell of a table or an item of a list. */
export function proseOnOneLine(sentence: string): string {
  return escapeProse(showOnOneLine(sentence))
}

/** Lines that stay as they are laid out. */
export function preformatted(lines: readonly string[]): string {
  return `<pre>${lines.map((line) => escapeAll(showOnOneLine(line))).join('\n')}</pre>`
}

/**
 * A name that leads to an address.
 *
 * @param url absolute; anything but `http` and `https` becomes no link
 */
export function linkOf(name: string, url: string): string {
  return /^https?:\/\/[^/?#\s]+/.test(url) ? `<a href="${escapeAll(encodeOdd(url))}">${codeOf(name)}</a>` : codeOf(name)
}

function escapeAll(text: string): string {
  return text.replace(/[^\p{L}\p{N} ./-]|(?<=www)\./giu, toReference)
}

function escapeProse(text: string): string {
  // A number at the beginning would make a list, and GitHub makes an address of what begins with "www.".
  return text.replace(/[^\p{L}\p{N} .,;()/-]|(?<=www)\.|^[-\d]/giu, (character) =>
    character === '@' || character === '#' ? `<span>${character}</span>` : toReference(character),
  )
}

function toReference(character: string): string {
  return `&#${character.codePointAt(0) ?? 0xff_fd};`
}

/** What no URL may hold as it is. */
function encodeOdd(url: string): string {
  return url.replace(/\p{Cs}/gu, '%EF%BF%BD').replace(/[^\w.~:/?#[\]@!$&'()*+,;=%-]/gu, encodeURIComponent)
}
