import { readdir, readFile } from 'node:fs/promises'

import { describe, expect, it } from 'vitest'

import { makePages } from '../scripts/reference/make-pages.ts'
import { readErrors, readFindings } from '../scripts/reference/read-catalogue.ts'
import { listFields, readDeclarations } from '../scripts/reference/read-types.ts'

describe('the pages of docs/ that are made', () => {
  it.each(['reference', 'guides'])('of docs/%s are what npm run docs:reference makes today', async (folder) => {
    const names = (await readdir(new URL(`../docs/${folder}/`, import.meta.url))).map((name) => `${folder}/${name}`)
    const written = await Promise.all(
      names.map(async (name) => [name, await readFile(new URL(`../docs/${name}`, import.meta.url), 'utf8')] as const),
    )
    const made = [...(await makePages())].filter(([name]) => name.startsWith(`${folder}/`))
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(made))
  })

  it('names every code that the source makes an error of', async () => {
    const source = await readFile(new URL('../src/errors.ts', import.meta.url), 'utf8')
    const page = (await makePages()).get('reference/errors.md') ?? ''
    const codes = [...source.matchAll(/new FreshfrontError\(\s*'([A-Z_]+)'/g)].map(({ 1: code }) => code)
    expect(codes.length).toBeGreaterThan(50)
    expect(codes.filter((code) => !page.includes(`### \`${String(code)}\``))).toEqual([])
  })
})

describe('readErrors', () => {
  it('says both sides of a choice, and what is put into a sentence', () => {
    const source = `
      return new FreshfrontError('NO_BUCKET', \`There is no bucket \${quote(bucket)}\${region === '' ? '' : \` in \${region}\`}.\`, {
        fix: found.length > 0 ? \`Take \${found.join(', ')}.\` : 'Make one, or don\\'t.',
        errorClass: 'usage',
      })`
    expect(readErrors(source)).toEqual([
      {
        code: 'NO_BUCKET',
        kind: 'error',
        errorClasses: ['usage'],
        messages: ['There is no bucket "‹bucket›"….'],
        fixes: ['Take ….', "Make one, or don't."],
      },
    ])
  })
})

describe('readFindings', () => {
  it('tells a refusal, which a yes may lift, from a failure and a warning', () => {
    const source = `
      const why = 'Nobody knows.'
      add({ code: 'WARNED', message: why })
      add({ what: \`wait for \${id}\`, code: 'FAILED', message: 'It took long.', fix: 'Wait.' })
      add({ code: 'REFUSED', message: 'That is much.', fix: 'Take less.', confirmable: true })`
    expect(readFindings([source]).map(({ code, kind, messages }) => [code, kind, messages])).toEqual([
      ['FAILED', 'failure', ['It took long.']],
      ['REFUSED', 'refusal', ['That is much.']],
      ['WARNED', 'warning', ['Nobody knows.']],
    ])
  })
})

describe('listFields', () => {
  it('follows lists, parents, unions and types of other files', () => {
    const declarations = readDeclarations([
      `export interface Page extends Named {
  /** In bytes. */
  readonly sizeBytes?: number
  readonly parts: readonly {
    readonly kind: Kind
  }[]
}
`,
      `/** What it is. */
export type Kind = 'image' | 'style'

export interface Named {
  /**
   * Without a slash
   * before it.
   */
  readonly key: string
}
`,
    ])
    expect(listFields(declarations, 'Page')).toEqual([
      { path: 'key', type: 'text', isOptional: false, doc: 'Without a slash before it.' },
      { path: 'sizeBytes', type: 'number', isOptional: true, doc: 'In bytes.' },
      { path: 'parts', type: 'list of object', isOptional: false, doc: '' },
      { path: 'parts[].kind', type: '"image", "style"', isOptional: false, doc: '' },
    ])
  })
})
