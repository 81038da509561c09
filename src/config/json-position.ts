// Where JSON goes wrong. JSON.parse says it in words that change with the Node version, and often without a position.

export interface JsonMistake {
  /** Counted from 1. */
  readonly line: number
  /** In UTF-16 code units, counted from 1. */
  readonly column: number
  /** Without a full stop: `expected a value, found "}"`. */
  readonly message: string
}

/** @returns the first mistake of a text that JSON.parse refuses; undefined when the text is JSON */
export function findJsonMistake(text: string): JsonMistake | undefined {
  const reader = new Reader(text)
  try {
    reader.readValue()
    reader.expectEnd()
    return undefined
  } catch (error) {
    if (error instanceof Mistake) return { ...lineAndColumn(text, error.offset), message: error.message }
    throw error
  }
}

class Mistake extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Walks the text by the grammar of RFC 8259 and keeps nothing. */
class Reader {
  readonly #text: string
  #offset = 0

  constructor(text: string) {
    this.#text = text
  }

  readValue(): void {
    this.#skipSpace()
    const first = this.#text[this.#offset]
    if (first === '{') this.#readMembers('}', () => this.#readMember())
    else if (first === '[') this.#readMembers(']', () => this.readValue())
    else if (first === '"') this.#readString('a value')
    else if (!this.#take(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y)) this.#fail('expected a value')
  }

  expectEnd(): void {
    this.#skipSpace()
    if (this.#offset < this.#text.length) this.#fail('expected the end of the file')
  }

  #readMembers(close: string, readOne: () => void): void {
    this.#offset++
    if (this.#skipTo(close)) return
    for (;;) {
      readOne()
      if (this.#skipTo(close)) return
      if (!this.#skipTo(',')) this.#fail(`expected a comma or "${close}"`)
      const afterComma = this.#offset
      if (this.#skipTo(close)) throw new Mistake(`there is a comma before "${close}"`, afterComma - 1)
    }
  }

  #readMember(): void {
    this.#skipSpace()
    this.#readString('a key in double quotes')
    if (!this.#skipTo(':')) this.#fail('expected a colon after the key')
    this.readValue()
  }

  #readString(what: string): void {
    const start = this.#offset
    if (this.#take(/"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/y)) return
    if (this.#text[start] !== '"') this.#fail(`expected ${what}`)
    this.#take(/"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*/y)
    if (this.#text[this.#offset] === '\\') this.#fail('a backslash in a string is written \\\\')
    throw new Mistake('the string that begins here does not end on its line', start)
  }

  #skipTo(character: string): boolean {
    this.#skipSpace()
    if (this.#text[this.#offset] !== character) return false
    this.#offset++
    return true
  }

  #skipSpace(): void {
    this.#take(/[ \t\r\n]*/y)
  }

  #take(token: RegExp): boolean {
    token.lastIndex = this.#offset
    const match = token.exec(this.#text)
    if (match === null) return false
    this.#offset += match[0].length
    return true
  }

  #fail(message: string): never {
    const rest = this.#text.slice(this.#offset)
    if (rest.startsWith('//') || rest.startsWith('/*')) throw new Mistake('JSON has no comments', this.#offset)
    const found = rest === '' ? 'the end of the file' : JSON.stringify(String.fromCodePoint(rest.codePointAt(0) ?? 0))
    throw new Mistake(`${message}, found ${found}`, this.#offset)
  }
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|[\r\n]/)
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
