import { readFile } from 'node:fs/promises'

import { describe, expect, it } from 'vitest'

import { toJsonSchema } from './schema.ts'

describe('schema.json', () => {
  it('is what scripts/write-schema.ts makes of the schema today', async () => {
    const shipped = await readFile(new URL('../../schema.json', import.meta.url), 'utf8')
    expect(JSON.parse(shipped)).toEqual(toJsonSchema())
  })

  it('describes every key, since the descriptions are the reference', () => {
    const { properties } = toJsonSchema() as { properties: Record<string, { description?: string }> }
    const silent = Object.keys(properties).filter((key) => properties[key]?.description === undefined)
    expect(silent).toEqual([])
    expect(Object.keys(properties)).toHaveLength(34)
  })
})
