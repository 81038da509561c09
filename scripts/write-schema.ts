// Writes schema.json, the JSON Schema of freshfront.json, from src/config/schema.ts: npx tsx scripts/write-schema.ts

import { writeFile } from 'node:fs/promises'

import { toJsonSchema } from '../src/config/schema.ts'

await writeFile(new URL('../schema.json', import.meta.url), `${JSON.stringify(toJsonSchema(), null, 2)}\n`)
