// What is still owed to the caches, as an object in the bucket: written before the first write to the site, cleared when every
// distribution has confirmed: see records.ts.

import * as z from 'zod'
import type { Debt, ShardRecord } from '../model.ts'
import type { Bucket } from '../ports.ts'
import { commitSchema, parseStored } from './site-state.ts'
import { debtKey } from './state-keys.ts'

const debtSchema = z.object({
  formatVersion: z.literal(1),
  release: z.string(),
  keys: z.array(z.string()),
  puts: z.array(z.object({ key: z.string(), etag: z.string() })).exactOptional(),
  paths: z.number().exactOptional(),
  sharded: z
    .object({
      name: z.string(),
      count: z.int(),
      commit: commitSchema.exactOptional(),
      overtaken: z.boolean().exactOptional(),
      overtook: z.array(z.string()).exactOptional(),
    })
    .exactOptional(),
})

/** @returns undefined when nothing is owed */
export async function readDebt(bucket: Pick<Bucket, 'getDocument'>, prefix: string): Promise<Debt | undefined> {
  const key = debtKey(prefix)
  const document = await bucket.getDocument(key)
  if (document === undefined) return undefined
  return parseStored(key, () => Buffer.from(document.body).toString('utf8'), debtSchema)
}

export function encodeDebt(debt: Debt): Uint8Array {
  return Buffer.from(JSON.stringify(debt))
}

/** All that either owes, under the name of the first. */
export function joinDebts(debt: Debt, other: Debt | undefined): Debt {
  if (other === undefined) return debt
  const puts = new Map([...(other.puts ?? []), ...(debt.puts ?? [])].map((put) => [`${put.etag} ${put.key}`, put]))
  const paths = Math.max(debt.paths ?? 0, other.paths ?? 0)
  const sharded = debt.sharded ?? other.sharded
  return {
    ...debt,
    ...(sharded !== undefined && { sharded }),
    ...(paths > 0 && { paths }),
    keys: [...new Set([...debt.keys, ...other.keys])].toSorted(),
    ...(puts.size > 0 && { puts: [...puts.values()] }),
  }
}

/** What a shard owes by itself. */
export function debtOfShard({ name, touched }: ShardRecord): Debt {
  return {
    formatVersion: 1,
    release: name,
    keys: touched.map(({ key }) => key),
    puts: touched.flatMap(({ key, etags }) => etags.map((etag) => ({ key, etag }))),
  }
}
