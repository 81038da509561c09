// Real deploy histories: what each deploy of a site added, changed and removed. Read from bench/histories.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'

const file = z.tuple([z.string(), z.number(), z.string()])
const firstLine = z.object({ generator: z.string(), tree: z.array(file) })
const deployLine = z.object({
  date: z.string(),
  added: z.array(file),
  changed: z.array(z.tuple([z.string(), z.number(), z.string(), z.number()])),
  removed: z.array(z.tuple([z.string(), z.number()])),
})

export interface Deploy {
  readonly date: Date
  /** Sizes in bytes, by key. */
  readonly added: ReadonlyMap<string, number>
  readonly changed: ReadonlyMap<string, number>
  readonly removed: ReadonlySet<string>
}

export interface History {
  readonly name: string
  readonly generator: string
  /** The site before the first deploy: sizes in bytes, by key. */
  readonly start: ReadonlyMap<string, number>
  readonly deploys: readonly Deploy[]
}

export const HISTORY_NAMES = ['docusaurus-docs', 'eleventy-blog', 'hugo-blog', 'sphinx-versioned-docs'] as const

export function readHistory(name: string): History {
  const packed = readFileSync(new URL(`../histories/${name}.jsonl.gz`, import.meta.url))
  const [first = '', ...rest] = gunzipSync(packed).toString('utf8').trim().split('\n')
  const { generator, tree } = firstLine.parse(JSON.parse(first))
  return {
    name,
    generator,
    start: new Map(tree.map(([key, sizeBytes]) => [key, sizeBytes])),
    deploys: rest.map((line) => {
      const { date, added, changed, removed } = deployLine.parse(JSON.parse(line))
      return {
        date: new Date(date),
        added: new Map(added.map(([key, sizeBytes]) => [key, sizeBytes])),
        changed: new Map(changed.map(([key, sizeBytes]) => [key, sizeBytes])),
        removed: new Set(removed.map(([key]) => key)),
      }
    }),
  }
}
