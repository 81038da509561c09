// TypeScript as text, read just far enough for the reference: literals, brackets and comments are skipped whole. Pure.

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** @returns the position after the literal, comment or bracket that begins at `start`, or after one character of anything else */
export function skipPart(source: string, start: number): number {
  const character = source[start] ?? ''
  if (character === "'" || character === '"') return skipQuoted(source, start, character)
  if (character === '`') return skipTemplate(source, start)
  if (source.startsWith('//', start)) return endOf(source, '\n', start)
  if (source.startsWith('/*', start)) return endOf(source, '*/', start)
  const closing = CLOSING[character]
  if (closing === undefined) return start + 1
  let position = start + 1
  while (position < source.length && source[position] !== closing) position = skipPart(source, position)
  return position + 1
}

/** `(a, f(b, c))` → `a` and `f(b, c)`: what stands between the brackets that open at `start`, split at its own commas. */
export function splitAtCommas(source: string, start: number): readonly string[] {
  const parts: string[] = []
  const end = skipPart(source, start) - 1
  let from = start + 1
  let position = from
  while (position < end) {
    if (source[position] === ',') {
      parts.push(source.slice(from, position).trim())
      from = position + 1
    }
    position = skipPart(source, position)
  }
  return [...parts, source.slice(from, end).trim()].filter((part) => part !== '')
}

/** @returns the texts of an expression, both of `a ? 'x' : 'y'`; what is put into them stands as ‹name› */
export function readTexts(expression: string): readonly string[] {
  const texts: string[] = []
  let position = 0
  while (position < expression.length) {
    const character = expression[position] ?? ''
    if (character in CLOSING) {
      position += 1
      continue
    }
    const end = skipPart(expression, position)
    if (/['"`]/.test(character)) texts.push(readText(expression.slice(position, end)))
    position = end
  }
  return [...new Set(texts.filter((text) => /\p{L}{2}/u.test(text)))]
}

/** A literal with its quotes → what it says. */
function readText(literal: string): string {
  let text = ''
  let position = 1
  while (position < literal.length - 1) {
    if (literal[position] === '\\') {
      text += literal[position + 1] === 'n' ? ' ' : (literal[position + 1] ?? '')
      position += 2
    } else if (literal[0] === '`' && literal.startsWith('${', position)) {
      const end = skipPart(literal, position + 1)
      text += nameValue(literal.slice(position + 2, end - 1))
      position = end
    } else {
      text += literal[position] ?? ''
      position += 1
    }
  }
  return text
}

/** `quote(distributionId)` → `"‹distribution id›"`, `keys.length` → `‹number›`, anything else that is not a name → `…`. */
function nameValue(expression: string): string {
  const quoted = /^quote\((?:String\()?(\w+)\)?\)$/.exec(expression)
  if (quoted !== null) return `"${nameValue(quoted[1] ?? '')}"`
  if (/^(reasonOf\(|why$)/.test(expression)) return '‹reason›'
  if (/\.length$|^formatNumber\(|^formatCount\(/.test(expression)) return '‹number›'
  if (!/^\w+$/.test(expression)) return '…'
  return `‹${expression.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}›`
}

function skipQuoted(source: string, start: number, quote: string): number {
  let position = start + 1
  while (position < source.length && source[position] !== quote) position += source[position] === '\\' ? 2 : 1
  return position + 1
}

function skipTemplate(source: string, start: number): number {
  let position = start + 1
  while (position < source.length && source[position] !== '`') {
    if (source[position] === '\\') position += 2
    else position = source.startsWith('${', position) ? skipPart(source, position + 1) : position + 1
  }
  return position + 1
}

function endOf(source: string, text: string, start: number): number {
  const found = source.indexOf(text, start)
  return found === -1 ? source.length : found + text.length
}
