// Inputs, args and the environment of s3-sync-action → settings.

import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { actionInputs, readSettings } from './inputs.ts'
import { outputNames } from './outputs.ts'

const OLD = { AWS_S3_BUCKET: 'my-site', SOURCE_DIR: 'public' }

describe('readSettings', () => {
  it('takes the environment of s3-sync-action', () => {
    const env = { ...OLD, DEST_DIR: '/blog/', AWS_S3_ENDPOINT: 'https://s3.example.com' }
    expect(readSettings(env, '/home/runner/site').flags).toEqual({
      dir: '/home/runner/site/public',
      bucket: 'my-site',
      prefix: 'blog',
      endpointUrl: 'https://s3.example.com',
    })
  })

  it.each([
    [{ AWS_S3_BUCKET: 'my-site/a/' }, { bucket: 'my-site', prefix: 'a' }],
    [
      { AWS_S3_BUCKET: 'my-site/a', DEST_DIR: 'b' },
      { bucket: 'my-site', prefix: 'a/b' },
    ],
    [{ AWS_S3_BUCKET: 'my-site', DEST_DIR: '' }, { bucket: 'my-site' }],
    [{ AWS_S3_BUCKET: '' }, {}],
  ])('%j', (env, flags) => {
    expect(readSettings({ ...env, SOURCE_DIR: 'public' }, '/home/runner/site').flags).toEqual({
      dir: '/home/runner/site/public',
      ...flags,
    })
  })

  it('takes the whole repository, but for .git, where only the old environment names a bucket', () => {
    const { flags, defaultDir } = readSettings({ AWS_S3_BUCKET: 'my-site' }, '/home/runner/site')
    expect(flags).toEqual({ bucket: 'my-site', filters: [{ kind: 'exclude', pattern: '.git/*' }] })
    expect(defaultDir).toBe('/home/runner/site')
    expect(readSettings({ INPUT_BUCKET: 'my-site' }, '/home/runner/site').defaultDir).toBeUndefined()
  })

  it('takes an input before args, those before the old environment, and FRESHFRONT_ variables before that', () => {
    const env = {
      ...OLD,
      INPUT_BUCKET: 'typed',
      INPUT_ARGS: '--bucket args --prefix args',
      DEST_DIR: 'old',
      FRESHFRONT_DIR: 'x',
    }
    const { flags, words, hidesBucket } = readSettings(env, '/home/runner/site')
    expect(flags).toEqual({ bucket: 'typed', prefix: 'args' })
    expect([words.nameOf('bucket'), words.nameOf('prefix'), hidesBucket]).toEqual([
      'the input bucket',
      '--prefix in args',
      false,
    ])
  })

  it('reads switches, lists and filters in their order', () => {
    const env = {
      'INPUT_DRY-RUN': 'True',
      INPUT_WAIT: 'false',
      INPUT_DISTRIBUTION: 'E1\r\n E2 ',
      INPUT_ARGS: "--include 'a b'",
      INPUT_EXCLUDE: '*.map\n',
    }
    const { dryRun, flags } = readSettings(env, '/home/runner/site')
    expect(dryRun).toBe(true)
    expect(flags).toEqual({
      wait: false,
      distribution: ['E1', 'E2'],
      filters: [
        { kind: 'include', pattern: 'a b' },
        { kind: 'exclude', pattern: '*.map' },
      ],
    })
  })

  it('takes a shard or the finish from the inputs, else from args, and no whole repository for either', () => {
    const shard = { INPUT_ARGS: '--shard 1/4 --release-name args', INPUT_SHARD: '2/4', AWS_S3_BUCKET: 'my-site' }
    expect(readSettings(shard, '/home/runner/site')).toMatchObject({
      flags: { bucket: 'my-site' },
      sharding: { kind: 'shard', shard: { index: 2, count: 4 }, name: 'args' },
    })
    expect(readSettings(shard, '/home/runner/site')).not.toHaveProperty('defaultDir')
    const finish = readSettings({ INPUT_FINISH: 'true', AWS_S3_BUCKET: 'my-site' }, '/home/runner/site')
    expect([finish.flags, finish.sharding, finish.defaultDir]).toEqual([
      { bucket: 'my-site' },
      { kind: 'finish', name: undefined },
      '/home/runner/site',
    ])
    expect(readSettings({ INPUT_FINISH: 'false' }, '/home/runner/site').sharding).toBeUndefined()
  })

  it('is relative to the working directory', () => {
    const { cwd, flags } = readSettings({ 'INPUT_WORKING-DIRECTORY': 'web', INPUT_SOURCE: 'dist' }, '/home/runner/site')
    expect([cwd, flags.dir]).toEqual(['/home/runner/site/web', '/home/runner/site/web/dist'])
  })
})

describe('action.yml, docs/action.md and the code', () => {
  /** Names at the first level below a key of action.yml, with their defaults. */
  function namesBelow(yaml: string, key: string): [string, string][] {
    const section = new RegExp(`^${key}:\\n((?: .*\\n)+)`, 'm').exec(yaml)?.[1] ?? ''
    return [...section.matchAll(/^ {2}([\w-]+):\n((?: {4}.*\n)+)/gm)].map(([, name = '', body = '']) => {
      return [name, /^ {4}default: '?(.*?)'?$/m.exec(body)?.[1] ?? '']
    })
  }
  function rowsBelow(markdown: string, heading: string): string[][] {
    const section = markdown.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
    const rows = [...section.matchAll(/^\| `([\w-]+)` \|(.*)\|$/gm)]
    return rows.map(([, name = '', rest = '']) => [name, ...rest.split(' | ').map((cell) => cell.trim())])
  }

  it('have the same inputs, with the same defaults', async () => {
    const yaml = await readFile(new URL('../../action.yml', import.meta.url), 'utf8')
    const docs = await readFile(new URL('../../docs/action.md', import.meta.url), 'utf8')
    const declared = namesBelow(yaml, 'inputs')
    const names = actionInputs.map(({ name }) => name).toSorted()
    expect(declared.map(([name]) => name).toSorted()).toEqual(names)
    const documented = rowsBelow(docs, 'Inputs')
    expect(documented.map(([name = '', , preset = '']) => [name, preset.replaceAll('`', '')])).toEqual(declared)
  })

  it('have the same outputs', async () => {
    const yaml = await readFile(new URL('../../action.yml', import.meta.url), 'utf8')
    const docs = await readFile(new URL('../../docs/action.md', import.meta.url), 'utf8')
    expect(namesBelow(yaml, 'outputs').map(([name]) => name)).toEqual(outputNames)
    expect(rowsBelow(docs, 'Outputs').map(([name]) => name)).toEqual(outputNames)
  })
})
