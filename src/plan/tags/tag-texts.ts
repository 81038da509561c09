// What an object's cache tags say, before they are hashed: what it is, where it lies, and with which others it has been uploaded. Pure.
//
// Objects that change together should have a tag that few others have. "Came in the same deploy and did not change since" never goes
// stale; how often an object changes does, which only makes a purge evict more.

import type { Key } from '../../model.ts'
import { type Frequency, quietFrequency, recentFrequency, type UploadHistory } from './upload-history.ts'

/** One tag in words. */
export interface TagText {
  /** One lower-case letter, which the tag starts with. */
  readonly kind: string
  readonly text: string
  /** What goes first when there is no room for all: the highest. The object's own tag has 0. */
  readonly rank: number
}

const MAX_DIRECTORIES = 6
const CHAIN_LENGTHS = [2, 3, 4, 6] as const
/** Spans of 2, 4 … 32 deploys: what came in any of them is one tag. */
const SPANS = [1, 2, 3, 4, 5] as const
/** Of how many lots each draw is: 4, 8, 16 … */
const PAGE_DRAWS = [2, 3, 4] as const
const FOLDER_DRAWS = [3, 4] as const
const THRESHOLDS = [0.9, 0.5, 0.25, 0.1] as const

/** In the order of their worth: the later, the sooner dropped. */
const RANK = {
  own: 0,
  plain: 1,
  learned: 2,
  edge: 3,
  middle: 4,
  longChain: 5,
  drawn: 6,
  crossedCohort: 7,
  crossedFrequency: 8,
} as const

const TYPES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    html: 'html htm',
    css: 'css',
    js: 'js mjs cjs map wasm',
    img: 'png jpg jpeg gif svg webp avif ico bmp',
    feed: 'xml json txt rss atom webmanifest',
    font: 'woff woff2 ttf otf eot',
  }).flatMap(([type, extensions]) => extensions.split(' ').map((extension) => [extension, type])),
)

/** All tags of the object, the most useful first: at most 50. */
export function tagTexts(key: Key, history: UploadHistory): TagText[] {
  const place = placeOf(key)
  const byRank: TagText[][] = Object.values(RANK).map(() => [])
  byRank[RANK.own]?.push({ kind: 'o', text: key, rank: RANK.own })
  for (const texts of [staticTexts(place), learnedTexts(place, history), drawnTexts(place)])
    for (const text of texts) byRank[text.rank]?.push(text)
  return byRank.flat()
}

interface Place {
  readonly type: string
  readonly name: string
  readonly folders: readonly string[]
  readonly top: string
  readonly directory: string
}

function placeOf(key: Key): Place {
  const folders = key.split('/')
  const name = folders.pop() ?? ''
  const extension = /\.([^.]+)$/u.exec(name)?.[1]?.toLowerCase() ?? ''
  return {
    type: (Object.hasOwn(TYPES, extension) ? TYPES[extension] : undefined) ?? 'other',
    name,
    folders,
    top: folders[0] ?? '',
    directory: folders.join('/'),
  }
}

function staticTexts({ type, name, folders, top }: Place): TagText[] {
  const texts: TagText[] = [
    { kind: 't', text: type, rank: RANK.plain },
    { kind: 'n', text: name, rank: RANK.plain },
    { kind: 'm', text: `${top}|${name}`, rank: RANK.plain },
    { kind: 'l', text: `${folders.length}|${type}`, rank: RANK.plain },
  ]
  if (folders.length === 0) texts.push({ kind: 'e', text: `/|${type}`, rank: RANK.edge })
  if (folders.length >= 2) texts.push({ kind: 's', text: [...folders.slice(1), name].join('/'), rank: RANK.plain })
  const depths = taggedDepths(folders.length)
  for (const [i, depth] of depths.entries()) {
    const directory = folders.slice(0, depth).join('/')
    const isEdge = i === 0 || i === depths.length - 1
    texts.push({ kind: 'd', text: directory, rank: RANK.plain })
    texts.push({ kind: 'e', text: `${directory}|${type}`, rank: isEdge ? RANK.edge : RANK.middle })
  }
  return texts
}

/** The three directories next to the root and the three next to the object, where there are more than six. */
function taggedDepths(depth: number): number[] {
  const all = Array.from({ length: depth }, (_, i) => i + 1)
  const half = MAX_DIRECTORIES / 2
  return all.filter((level) => depth <= MAX_DIRECTORIES || level <= half || level > depth - half)
}

function learnedTexts({ type, top, directory }: Place, history: UploadHistory): TagText[] {
  const cohort = cohortOf(history)
  const crossedCohort = [type, top, directory].map((text, i) => ({
    kind: 'cuv'.charAt(i),
    text: `${cohort}|${text}`,
    rank: RANK.crossedCohort,
  }))
  return [
    ...historyTexts(history),
    ...crossedCohort,
    ...crossedTexts('i', recentFrequency(history), [type, top, cohort]),
    ...crossedTexts('j', quietFrequency(history), [type, top, cohort]),
  ]
}

/** The last upload. */
function cohortOf({ uploads, born }: UploadHistory): string {
  return String(uploads[0] ?? born)
}

/** What the history alone says: made once for all objects that share it. */
function historyTexts(history: UploadHistory): readonly TagText[] {
  let texts = textsOfHistories.get(history)
  if (texts === undefined) textsOfHistories.set(history, (texts = makeHistoryTexts(history)))
  return texts
}

const textsOfHistories = new WeakMap<UploadHistory, readonly TagText[]>()

function makeHistoryTexts(history: UploadHistory): TagText[] {
  const { uploads } = history
  const chains = CHAIN_LENGTHS.map((length) => ({
    kind: 'h',
    text: Array.from({ length }, (_, i) => uploads[i] ?? '-').join(' '),
    rank: length === CHAIN_LENGTHS.at(-1) ? RANK.longChain : RANK.learned,
  }))
  return [
    { kind: 'b', text: cohortOf(history), rank: RANK.learned },
    ...SPANS.map((bits) => ({
      kind: 'r',
      text: `${bits}|${(uploads[0] ?? history.born) >> bits}`,
      rank: RANK.learned,
    })),
    ...chains,
    ...frequencyTexts('f', recentFrequency(history)),
    ...frequencyTexts('g', quietFrequency(history)),
  ]
}

/** One tag for each threshold that is passed. */
function frequencyTexts(kind: 'f' | 'g', frequency: Frequency | undefined): TagText[] {
  if (frequency === undefined) return []
  const share = frequency.uploads / frequency.deploys
  const passed = THRESHOLDS.filter((threshold) => share >= threshold).map(String)
  const rare = kind === 'g' && passed.length === 0 ? [frequency.uploads > 0 ? 'seldom' : 'never'] : []
  return [...passed, ...rare].map((text) => ({ kind, text, rank: RANK.learned }))
}

/** The highest threshold that is passed, crossed with what else is known. */
function crossedTexts(kind: 'i' | 'j', frequency: Frequency | undefined, crossed: readonly string[]): TagText[] {
  if (frequency === undefined) return []
  const share = frequency.uploads / frequency.deploys
  const highest = THRESHOLDS.findIndex((threshold) => share >= threshold)
  return crossed.map((text, i) => ({
    kind,
    text: `${highest === -1 ? THRESHOLDS.length : highest}|${i}|${text}`,
    rank: RANK.crossedFrequency,
  }))
}

/**
 * Lots drawn for the page and for the folder that the object belongs to. Of changes scattered over a site several may by chance have
 * drawn the same lot, while few of the rest have; the more draws, the likelier. Files of one page draw together.
 */
function drawnTexts({ name, folders, directory }: Place): TagText[] {
  const page = name.startsWith('index.') ? directory : `${directory}/${name.replace(/\..*$/u, '')}`
  const folder = folders.slice(0, 2).join('/')
  return [
    ...PAGE_DRAWS.map((bits) => ({ kind: 'x', text: drawLot(page, bits), rank: RANK.drawn })),
    ...FOLDER_DRAWS.map((bits) => ({ kind: 'y', text: drawLot(folder, bits), rank: RANK.drawn })),
  ]
}

/** One of 2^`bits` lots, independent of those of other numbers of bits. FNV-1a, stirred. */
function drawLot(text: string, bits: number): string {
  let hash = 0x811c9dc5 ^ Math.imul(bits, 0x9e3779b1)
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return `${bits}|${(hash ^ (hash >>> 16)) & (2 ** bits - 1)}`
}
