// Every page of docs/ that is made: the reference from the source, the guides from facts on generators. Reads the disk.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { buildApp } from '../../src/cli/app.ts'
import { exitCodes } from '../../src/cli/exit-codes.ts'
import { environmentVariables } from '../../src/config/environment.ts'
import { toJsonSchema } from '../../src/config/schema.ts'
import { makeErrorsPage, makeJsonPage, type DocumentSource } from './code-pages.ts'
import { listCommands, makeCommandsPage, makeExitCodesPage, makeSettingsPage } from './command-pages.ts'
import { makeGuides } from './make-guides.ts'
import { readDeclarations } from './read-types.ts'

/** @returns pages by file name below docs: `reference/commands.md`, `guides/astro.md` */
export async function makePages(): Promise<ReadonlyMap<string, string>> {
  const sources = await readSources(fileURLToPath(new URL('../../src', import.meta.url)))
  const sourceOf = (name: string): string => {
    const source = sources.get(name)
    if (source === undefined) throw new Error(`no file src/${name}`)
    return source
  }
  const commands = listCommands(buildApp({ cwd: '/', onError: () => undefined }))
  const read = readDeclarations(
    [...sources].filter(([name]) => /^(model|report)\//.test(name)).map(([, source]) => source),
  )
  // The documents carry what the edge answered in a shape of their own.
  const verification = read.get('VerificationDocument')
  if (verification === undefined) throw new Error('no interface VerificationDocument')
  const declarations = new Map([...read, ['Verification', verification] as const])
  const others = [...sources].filter(([name]) => name !== 'errors.ts').map(([, source]) => source)
  const documents: readonly DocumentSource[] = [
    {
      title: 'deploy and plan',
      intro: 'What `freshfront deploy --json` and `freshfront plan --json` print.',
      types: ['OutcomeDocument'],
    },
    {
      title: 'verify',
      intro: 'What `freshfront verify --json` prints.',
      types: ['SiteVerification'],
      madeBy: { source: sourceOf('report/verification-json.ts'), name: 'renderSiteVerificationJson' },
    },
    {
      title: 'invalidate',
      intro:
        'What `freshfront invalidate --json` prints. `id` and `status` are there once an invalidation has been sent.',
      types: ['InvalidateOutcome'],
      madeBy: { source: sourceOf('report/invalidation-json.ts'), name: 'renderInvalidateJson' },
    },
    {
      title: 'status',
      intro: 'What `freshfront status --json` prints.',
      types: ['SiteStatus'],
      madeBy: { source: sourceOf('report/status.ts'), name: 'renderStatusJson' },
    },
  ]
  const errorDocument =
    '\n## An error\n\nA command that could not begin, or was ended by an error, prints this document instead: ' +
    '`{ "formatVersion": 1, "error": { "code": "BUCKET_NOT_FOUND", "message": "…", "fix": "…" } }`. The codes are in [errors](errors.md).\n'
  return new Map([
    ['reference/commands.md', makeCommandsPage(commands)],
    [
      'reference/settings.md',
      makeSettingsPage(
        toJsonSchema(),
        environmentVariables,
        listVariables(sourceOf('config/environment.ts')),
        commands,
      ),
    ],
    ['reference/exit-codes.md', makeExitCodesPage(sourceOf('cli/exit-codes.ts'))],
    ['reference/errors.md', makeErrorsPage(exitCodes, sourceOf('errors.ts'), others)],
    ['reference/json.md', `${makeJsonPage(declarations, documents)}${errorDocument}`],
    ...[...makeGuides()].map(([name, page]) => [`guides/${name}`, page] as const),
  ])
}

function listVariables(source: string): readonly string[] {
  return [...new Set([...source.matchAll(/'(FRESHFRONT_[A-Z_]+)'/g)].map(({ 1: name = '' }) => name))]
}

/** @returns by name below src, in the order of the names */
async function readSources(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder, { recursive: true }))
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('emulator/'))
    .sort()
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  )
}
