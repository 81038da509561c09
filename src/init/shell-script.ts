// The `run:` of a workflow step → its simple commands. Pure. It reads what deploy scripts are made of: words, quotes, continued
// lines, `&&`, `;`, variables; whatever is more than that is marked as such and never guessed at.

export interface ShellWord {
  /** As it is written, quotes included. */
  readonly raw: string
  /** What the program would get. Expressions of GitHub Actions stay as they are. */
  readonly value: string
  /** A variable or a `$(…)` whose value nobody knows here. */
  readonly unknown?: string
}

export interface ShellCommand {
  readonly words: readonly ShellWord[]
  /** Offsets in the script. */
  readonly start: number
  readonly end: number
  /** Whether it has only words: no pipe, group, redirection (other than of output to nowhere) or background. */
  readonly plain: boolean
}

/** @returns undefined when the variable has no value that could be written down */
export type ResolveVariable = (name: string) => string | undefined

/**
 * Splits a script into commands, and resolves its variables, also those that it sets itself to something known.
 *
 * @returns in the order in which they stand; comments and empty lines are none
 */
export function readScript(script: string, resolveVariable: ResolveVariable): readonly ShellCommand[] {
  const own = new Map<string, string | undefined>()
  const resolve: ResolveVariable = (name) => (own.has(name) ? own.get(name) : resolveVariable(name))
  const commands: ShellCommand[] = []
  let words: ShellWord[] = []
  let plain = true
  let start = 0
  let end = 0
  let position = 0

  const finish = (): void => {
    if (words.length > 0 || !plain) commands.push({ words, start, end, plain })
    for (const word of words[0]?.value === 'export' ? words.slice(1) : words.slice(0, 1)) {
      const [, name, value = ''] = /^([A-Za-z_]\w*)=([^]*)$/u.exec(word.value) ?? []
      if (name !== undefined) own.set(name, word.unknown === undefined ? value : undefined)
    }
    words = []
    plain = true
  }
  const begin = (): void => {
    if (words.length === 0 && plain) start = position
  }

  while (position < script.length) {
    const rest = script.slice(position)
    const skipped = /^(?:[^\S\n]+|\\\r?\n|#[^\n]*)/u.exec(rest)?.[0]
    const separator = /^(?:\n|;|&&)/u.exec(rest)?.[0]
    const toNowhere = /^(?:[12]|&)?>\s*(?:\/dev\/null|&[12])/u.exec(rest)?.[0]
    const operator = /^(?:\d?>>?|[|&<>(){}`])/u.exec(rest)?.[0]
    if (skipped !== undefined) {
      position += skipped.length
    } else if (separator !== undefined) {
      // `a &&` at the end of a line goes on in the next.
      if (separator !== '\n' || words.length > 0 || !plain) finish()
      position += separator.length
    } else if (toNowhere !== undefined) {
      position += toNowhere.length
      end = position
    } else if (operator !== undefined) {
      begin()
      plain = false
      position += operator.length
      end = position
    } else {
      begin()
      const word = readWord(script, position, resolve)
      position += word.raw.length
      end = position
      words.push(word)
    }
  }
  finish()
  return commands
}

const WORD_ENDS = /[\s;&|<>()`]/u

function readWord(script: string, from: number, resolve: ResolveVariable): ShellWord {
  let value = ''
  let unknown: string | undefined
  let quote: '"' | "'" | undefined
  let position = from
  const take = (length: number, meaning: string | undefined, name: string): void => {
    if (meaning === undefined) unknown ??= name
    value += meaning ?? script.slice(position, position + length)
    position += length
  }
  while (position < script.length) {
    const character = script.charAt(position)
    const rest = script.slice(position)
    // Replaced by Actions before any shell sees it, in quotes of either kind too.
    const expression = /^\$\{\{[^]*?\}\}/u.exec(rest)?.[0]
    if (expression !== undefined) {
      take(expression.length, expression, expression)
    } else if (quote === "'") {
      if (character === "'") quote = undefined
      take(1, character === "'" ? '' : character, '')
    } else if (character === '$') {
      const [variable = '', name] = /^\$(?:\{([A-Za-z_]\w*)\}|(?=[A-Za-z_]))/u.exec(rest) ?? []
      const bare = name ?? (variable === '$' ? /^\w+/u.exec(rest.slice(1))?.[0] : undefined)
      if (bare !== undefined) take(name === undefined ? bare.length + 1 : variable.length, resolve(bare), `$${bare}`)
      else if (rest.startsWith('$(') || rest.startsWith('${'))
        take(lengthOfGroup(rest), undefined, rest.slice(0, lengthOfGroup(rest)))
      else take(1, /^\$[\d@*#?$!-]/u.test(rest) ? undefined : '$', rest.slice(0, 2))
    } else if (character === '\\') {
      const escaped = script.slice(position + 1, position + 2)
      if (escaped === '\n') take(2, '', '')
      else take(2, quote === '"' && !/["\\$`]/u.test(escaped) ? `\\${escaped}` : escaped, '')
    } else if (quote === '"') {
      if (character === '"') quote = undefined
      take(1, character === '"' ? '' : character === '`' ? undefined : character, '`')
    } else if (character === '"' || character === "'") {
      quote = character
      take(1, '', '')
    } else if (WORD_ENDS.test(character)) {
      break
    } else {
      take(1, character, '')
    }
  }
  if (quote !== undefined) unknown ??= quote
  return { raw: script.slice(from, position), value, ...(unknown !== undefined && { unknown }) }
}

/** The length of `$(…)` or `${…}`, nested ones included. */
function lengthOfGroup(text: string): number {
  const [opens, closes] = text.startsWith('$(') ? ['(', ')'] : ['{', '}']
  let depth = 0
  for (let position = 1; position < text.length; position++) {
    if (text.charAt(position) === opens) depth++
    if (text.charAt(position) === closes) depth--
    if (depth === 0) return position + 1
  }
  return text.length
}
