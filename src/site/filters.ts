// --include and --exclude, meaning what they mean to `aws s3 sync`: patterns of Python's fnmatch, the last one that matches decides.

import type { FilterRule } from '../model.ts'

/**
 * Compiles the rules into one question: is this path part of the deploy? Everything is, until a rule says otherwise.
 *
 * In a pattern `*` stands for any run of characters, `/` too; `?` for any one character; `[seq]` and `[!seq]` for one that is, or
 * is not, among those (ranges with `-`); everything else for itself, case and leading dots counted. A pattern covers the
 * whole path: `drafts` leaves out a file of that name, `drafts/*` what is in the folder.
 *
 * @returns takes a path relative to the folder (or a key without its prefix) and decides it; linear in its length for any pattern
 * @see AWS CLI Command Reference, `s3`, "Use of Exclude and Include Filters"
 */
export function compileFilters(rules: readonly FilterRule[]): (relativePath: string) => boolean {
  const compiled = compileRules(rules)
  if (compiled.length === 0) return () => true
  return (relativePath) => {
    const path = relativePath.normalize('NFC')
    return compiled.findLast(({ regExp }) => regExp.test(path))?.kind !== 'exclude'
  }
}

/**
 * Compiles the rules into another question: do they surely leave out everything below this folder, whatever its name? Then it need
 * not be walked. So they do when an exclude that ends in `*` takes in the folder and no include comes after it.
 *
 * @returns takes a folder's path relative to the folder that is deployed
 */
export function compileFolderExclusion(rules: readonly FilterRule[]): (relativePath: string) => boolean {
  const lastInclude = rules.findLastIndex(({ kind }) => kind === 'include')
  const compiled = compileRules(rules.slice(lastInclude + 1).filter(({ pattern }) => pattern.endsWith('*')))
  if (compiled.length === 0) return () => false
  return (relativePath) => {
    const path = `${relativePath.normalize('NFC')}/`
    return compiled.some(({ regExp }) => regExp.test(path))
  }
}

/** @returns takes a path as `compileFilters` does, and says whether any of the patterns matches it */
export function compilePatterns(patterns: readonly string[]): (relativePath: string) => boolean {
  const compiled = compileRules(patterns.map((pattern) => ({ kind: 'include', pattern })))
  if (compiled.length === 0) return () => false
  return (relativePath) => {
    const path = relativePath.normalize('NFC')
    return compiled.some(({ regExp }) => regExp.test(path))
  }
}

function compileRules(rules: readonly FilterRule[]): { kind: FilterRule['kind']; regExp: RegExp }[] {
  return rules.map(({ kind, pattern }) => ({ kind, regExp: patternToRegExp(pattern.normalize('NFC')) }))
}

/** picomatch is not used: braces, `**`, `!` and backslashes mean something to it, and nothing to fnmatch. */
function patternToRegExp(pattern: string): RegExp {
  const [first = '', ...rest] = splitAtStars(pattern)
  const last = rest.pop()
  if (last === undefined) return new RegExp(`^${first}$`, 'su')
  // Between two stars the first place that fits is as good as any, and it is never given back: a lookahead keeps its match.
  // So no pattern of many stars can make the matching explode.
  const middle = rest.map((piece, index) => `(?=(.*?${piece}))\\${index + 1}`)
  return new RegExp(`^${first}${middle.join('')}.*${last}$`, 'su')
}

/** The pattern's pieces between its stars, each as the source of a RegExp; runs of stars are one star. */
function splitAtStars(pattern: string): string[] {
  // By code point, so that `?` stands for one emoji too.
  const characters = Array.from(pattern)
  const pieces = ['']
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? ''
    const closing = character === '[' ? findClosingBracket(characters, at) : -1
    if (character === '*') {
      if (characters[at - 1] !== '*') pieces.push('')
    } else if (closing > 0) {
      pieces[pieces.length - 1] += bracketToClass(characters.slice(at + 1, closing))
      at = closing
    } else {
      pieces[pieces.length - 1] += character === '?' ? '.' : escapeCharacter(character)
    }
  }
  return pieces
}

/** @returns -1 when the bracket is never closed: then it stands for itself. A `]` that comes first is one of the characters. */
function findClosingBracket(characters: readonly string[], opening: number): number {
  const first = characters[opening + 1] === '!' ? opening + 2 : opening + 1
  return characters.indexOf(']', first + 1)
}

function bracketToClass(inside: readonly string[]): string {
  const negated = inside[0] === '!'
  const characters = negated ? inside.slice(1) : inside
  let ranges = ''
  for (let at = 0; at < characters.length; at++) {
    const from = characters[at] ?? ''
    const to = characters[at + 1] === '-' ? characters[at + 2] : undefined
    if (to === undefined) {
      ranges += escapeCharacter(from)
    } else {
      // A range that runs backwards holds nothing.
      if (codePoint(from) <= codePoint(to)) ranges += `${escapeCharacter(from)}-${escapeCharacter(to)}`
      at += 2
    }
  }
  return `[${negated ? '^' : ''}${ranges}]`
}

function escapeCharacter(character: string): string {
  return /[\p{L}\p{N}]/u.test(character) ? character : `\\u{${codePoint(character).toString(16)}}`
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0
}
