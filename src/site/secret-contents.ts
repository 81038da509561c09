// Keys and tokens that stand in the text of a page or script. Reads disk only to tell the line; the bytes come from digest.ts, which reads
// every file anyway. What is found is never kept or shown, only where.

import { createReadStream } from 'node:fs'
import type { FoundSecret } from '../model.ts'

export interface FoundPlace {
  readonly kind: Exclude<FoundSecret['kind'], 'name'>
  readonly offsetBytes: number
}

export interface SecretSearch {
  /** Takes the file piece by piece, in order; the memory of a piece may be reused afterwards. */
  readonly look: (piece: Buffer, isLast?: boolean) => void
  /** The first secret in what it was given. */
  readonly found: () => FoundPlace | undefined
}

/** Of a larger file only its beginning is searched. Ours: no bundle or index of a site's search is that large. */
const MAX_SEARCHED_BYTES = 8 * 1024 * 1024
/** More than the longest secret with all that makes it one, so that none is lost between two pieces. */
const OVERLAP_BYTES = 1024

/** Raised with every change of what is found and what is not: remembered results of another version count for nothing. */
export const SECRET_RULES_VERSION = 1

/** Searches one file, if it is text. */
export function createSecretSearch(): SecretSearch {
  let found: FoundPlace | undefined
  let ended = false
  let searchedBytes = 0
  let overlap: Buffer | undefined
  return {
    look(piece, isLast = false) {
      if (ended) return
      // Text has no NUL.
      if (searchedBytes === 0 && piece.includes(0)) {
        ended = true
        return
      }
      const bytes = overlap === undefined ? piece : Buffer.concat([overlap, piece])
      const place = findSecret(bytes)
      if (place !== undefined) {
        const startByte = searchedBytes - (overlap?.length ?? 0)
        found = { kind: place.kind, offsetBytes: startByte + place.offsetBytes }
      }
      searchedBytes += piece.length
      ended = found !== undefined || searchedBytes >= MAX_SEARCHED_BYTES
      if (!ended && !isLast) overlap = Buffer.from(bytes.subarray(-OVERLAP_BYTES))
    },
    found: () => found,
  }
}

/** @returns counted from 1. The file is read again up to there: counting the lines of every file would cost more than the search. */
export async function lineOf(filePath: string, offsetBytes: number): Promise<number> {
  let line = 1
  if (offsetBytes === 0) return line
  for await (const chunk of createReadStream(filePath, { end: offsetBytes - 1 })) {
    for (const byte of chunk as Buffer) if (byte === 0x0a) line += 1
  }
  return line
}

/** Whether there is a secret where a mark was found, and of which kind. */
type Judge = (bytes: Buffer, markAt: number) => FoundPlace['kind'] | undefined

/**
 * Every secret has one of these in it, and other texts have few. Searching all bytes is what costs, and Node does that ten times as fast for a
 * single byte, or a few that begin with a rare one, as for words.
 */
const MARKS: readonly (readonly [mark: number | Buffer, judge: Judge])[] = [
  [0x4b, judgeCapitalK],
  [Buffer.from('SIA'), (bytes, markAt) => judgeKeyPair(bytes, markAt - 1)],
  [0x5f, judgeUnderscore],
]

function findSecret(bytes: Buffer): FoundPlace | undefined {
  let first: FoundPlace | undefined
  for (const [mark, judge] of MARKS) {
    for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) {
      if (first !== undefined && at >= first.offsetBytes) break
      const kind = judge(bytes, at)
      if (kind === undefined) continue
      first = { kind, offsetBytes: at }
      break
    }
  }
  return first
}

/** Bytes between the two halves of a key pair, as a page with markup around each may have them. */
const PAIR_DISTANCE = 256
const AWS_SECRET = /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/gu

/** An id alone is no secret: it stands in every signed URL. @see IAM User Guide, "IAM identifiers" (AKIA, ASIA) */
function judgeKeyPair(bytes: Buffer, at: number): FoundPlace['kind'] | undefined {
  if (bytes[at] !== LETTER_CAPITAL_A) return undefined
  const id = textOf(bytes, at, at + 21)
  if (!/^A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9])/u.test(id) || isExample(id)) return undefined
  if (/[A-Za-z0-9]/u.test(textOf(bytes, at - 1, at))) return undefined
  const around = `${textOf(bytes, at - PAIR_DISTANCE, at)} ${textOf(bytes, at + 20, at + 20 + PAIR_DISTANCE)}`
  // A hash of Git is as long, but in lower case; a long identifier has no digits.
  const isPair = Array.from(around.matchAll(AWS_SECRET), ([secret]) => secret).some(
    (secret) => /[A-Z]/u.test(secret) && /[a-z]/u.test(secret) && /\d/u.test(secret) && isRandom(secret, 4.2),
  )
  return isPair ? 'AWS access key' : undefined
}

const ASSIGNMENT = /^_?access_?key["'`\]]{0,3}\s{0,20}(?:=>|[:=])\s{0,20}["'`]?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/iu

/** `aws_secret_access_key = …`, `AWS_SECRET_ACCESS_KEY=…`, `secretAccessKey: '…'` */
function judgeAssignment(bytes: Buffer, at: number): FoundPlace['kind'] | undefined {
  if (!/secret$/iu.test(textOf(bytes, at - 6, at))) return undefined
  const [, secret = ''] = ASSIGNMENT.exec(textOf(bytes, at, at + 128)) ?? []
  return isRandom(secret, 4) ? 'AWS access key' : undefined
}

/** Programs that read keys have the opening line in them too: a key has a body. */
function judgePrivateKey(bytes: Buffer, at: number): FoundPlace['kind'] | undefined {
  if (!/-----BEGIN (?:[A-Z0-9]+ )?PRI$/u.test(textOf(bytes, at - 32, at))) return undefined
  const [opening = ''] = /^VATE KEY(?: BLOCK)?-----/u.exec(textOf(bytes, at, at + 19)) ?? []
  if (opening === '') return undefined
  const [inside = ''] = textOf(bytes, at + opening.length, at + 512).split('-----')
  const [line = ''] = /[A-Za-z0-9+/]{60}/u.exec(inside.replaceAll('\\/', '/')) ?? []
  return isRandom(line, 3) ? 'private key' : undefined
}

const SPACE = 0x20
const LETTER_CAPITAL_A = 0x41
const LETTER_CAPITAL_E = 0x45
const LETTER_CAPITAL_I = 0x49
const LETTER_A = 0x61
const LETTER_B = 0x62
const LETTER_E = 0x65
const LETTER_P = 0x70
const LETTER_S = 0x73
const LETTER_T = 0x74
/** Set in lower-case letters. */
const LOWER_CASE = 0x20

/** The bytes beside tell nearly all of them from `AKIA…`, `…AccessKey` and `PRIVATE KEY`. */
function judgeCapitalK(bytes: Buffer, at: number): FoundPlace['kind'] | undefined {
  const before = bytes[at - 1] ?? 0
  const after = bytes[at + 1] ?? 0
  if (before === LETTER_CAPITAL_A && after === LETTER_CAPITAL_I) return judgeKeyPair(bytes, at - 1)
  if (before === LETTER_S && after === LETTER_E) return judgeAssignment(bytes, at - 6)
  if (before === SPACE && after === LETTER_CAPITAL_E) return judgePrivateKey(bytes, at - 5)
  return undefined
}

/** Programs are full of underscores: the bytes beside tell nearly all of them from `ghp_`, `github_pat_` and `secret_access_key`. */
function judgeUnderscore(bytes: Buffer, at: number): FoundPlace['kind'] | undefined {
  const before = bytes[at - 1] ?? 0
  const after = bytes[at + 1] ?? 0
  if (before === LETTER_P || (before === LETTER_B && after === LETTER_P)) return judgeToken(bytes, at)
  const isAssignment = (before | LOWER_CASE) === LETTER_T && (after | LOWER_CASE) === LETTER_A
  return isAssignment ? judgeAssignment(bytes, at) : undefined
}

const GITHUB_TOKEN = /(?<!\w)(?:ghp_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?!\w)/u

/** @see GitHub Docs, "About authentication to GitHub", "GitHub's token formats" */
function judgeToken(bytes: Buffer, at: number): FoundPlace['kind'] | undefined {
  const [token = ''] = GITHUB_TOKEN.exec(textOf(bytes, at - 7, at + 88)) ?? []
  return isRandom(token, 3.5) ? 'GitHub token' : undefined
}

/** What AWS writes in its own documentation: AKIAIOSFODNN7EXAMPLE and its secret. */
function isExample(text: string): boolean {
  return text.includes('EXAMPLE')
}

/** Whether no person wrote it: placeholders repeat themselves. @param leastBits of entropy per character */
function isRandom(text: string, leastBits: number): boolean {
  if (text === '' || isExample(text)) return false
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits >= leastBits
}

function textOf(bytes: Buffer, startByte: number, endByte: number): string {
  return bytes.toString('latin1', Math.max(0, startByte), endByte)
}
