// Writes the pages of docs/ that are made from the source: npm run docs:reference

import { mkdir, writeFile } from 'node:fs/promises'

import { makePages } from './reference/make-pages.ts'

const docs = new URL('../docs/', import.meta.url)
for (const [name, text] of await makePages()) {
  const file = new URL(name, docs)
  await mkdir(new URL('.', file), { recursive: true })
  await writeFile(file, text)
}
