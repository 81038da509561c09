// What is still owed to the caches, as an object in the bucket: written before the first write to the site, cleared when every
// distribution has confirmed.

import { z } from 'zod'
import { serviceFailed } from '../errors.ts'
import type { Debt } from '../model.ts'
import type { Bucket } from '../ports.ts'
import { parseStored } from './site-state.ts'
import { debtKey } from './state-keys.ts'

const debtSchema = z.object({
  formatVersion: z.literal(1),
  release: z.string(),
  keys: z.array(z.string()),
  puts: z.array(z.object({ key: z.string(), etag: z.string() })).exactOptional(),
  paths: z.number().exactOptional(),
})

/** @returns undefined when nothing is owed */
export async function readDebt(bucket: Bucket, prefix: string): Promise<Debt | undefined> {
  const key = debtKey(prefix)
  const document = await bucket.getDocument(key)
  if (document === undefined) return undefined
  return parseStored(key, () => Buffer.from(document.body).toString('utf8'), debtSchema)
}

export async function writeDebt(bucket: Bucket, prefix: string, debt: Debt): Promise<void> {
  await bucket.putDocument(debtKey(prefix), Buffer.from(JSON.stringify(debt)), 'application/json')
}

export async function clearDebt(bucket: Bucket, prefix: string): Promise<void> {
  const [failure] = await bucket.deleteObjects([debtKey(prefix)])
  if (failure !== undefined) throw serviceFailed('S3', `delete of ${failure.key}`, failure.code, failure.message)
}
