// Paths as strings of whole characters: a prefix item must not end within `%C3%A9`. Pure.

const ENCODED = /%[0-9A-Fa-f]{2}(?:%[89ABab][0-9A-Fa-f])*|[^\0-\x7F]/gu
const FIRST_CODE = 0x100
const MAX_CODES = 0xffff - FIRST_CODE

/** Writes each percent-encoded character as one code unit of its own, and back. One for a universe. */
export interface Spelling {
  readonly codes: Map<string, string>
  readonly texts: string[]
}

export function makeSpelling(): Spelling {
  return { codes: new Map(), texts: [] }
}

/** @param limit characters of the path that may be spelled; a character that the limit cuts is left out */
export function spellPath(path: string, spelling: Spelling, limit: number = path.length): string {
  const head = limit < path.length ? cutPath(path, limit) : path
  if (!head.includes('%') && isAscii(head)) return head
  let spelled = head.replaceAll(ENCODED, (text) => codeOf(text, spelling) ?? '\0')
  // More characters than code units: what comes after is not told apart, which only makes prefixes shorter.
  if (spelled.includes('\0')) spelled = spelled.slice(0, spelled.indexOf('\0'))
  return spelled
}

export function unspellPath(spelled: string, { texts }: Spelling): string {
  if (isAscii(spelled)) return spelled
  return Array.from({ length: spelled.length }, (_, i) => {
    const code = spelled.charCodeAt(i)
    return code < FIRST_CODE ? spelled.charAt(i) : (texts[code - FIRST_CODE] ?? '')
  }).join('')
}

function codeOf(text: string, { codes, texts }: Spelling): string | undefined {
  const known = codes.get(text)
  if (known !== undefined || texts.length >= MAX_CODES) return known
  const code = String.fromCharCode(FIRST_CODE + texts.length)
  codes.set(text, code)
  texts.push(text)
  return code
}

function cutPath(path: string, limit: number): string {
  for (const { index, 0: text } of path.matchAll(ENCODED))
    if (index < limit && index + text.length > limit) return path.slice(0, index)
  return path.slice(0, limit)
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false
  return true
}
