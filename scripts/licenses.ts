// The licences of what a bundle contains, from the packages themselves.

import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Every licence asks that its text goes along; packages that share a text share its place. In order of their names. */
export async function collectLicenses(files: readonly string[]): Promise<string> {
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []))
  const packagesByText = new Map<string, Set<string>>()
  for (const folder of [...folders].toSorted()) {
    const { name, text } = await readLicense(folder)
    packagesByText.set(text, (packagesByText.get(text) ?? new Set()).add(name))
  }
  const parts = [...packagesByText].map(([text, names]) => `${[...names].join('\n')}\n\n${text}\n`)
  return parts.join(`\n${'-'.repeat(80)}\n\n`)
}

async function readLicense(folder: string): Promise<{ name: string; text: string }> {
  const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
    license: string
  }
  const files = (await readdir(join(root, folder))).filter((file) => /^(?:licen[cs]e|notice)/i.test(file)).toSorted()
  const texts = await Promise.all(files.map((file) => readFile(join(root, folder, file), 'utf8')))
  const text = texts.map((each) => each.replaceAll('\r\n', '\n').trim()).join('\n\n')
  return { name: `${name} ${version}: ${license}`, text }
}
