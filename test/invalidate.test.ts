// freshfront invalidate on the embedded cloud: sites that somebody puts into the bucket by other means, and what every edge answers
// before and after. The history that --from-git reads is a real one.

import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readChangedFiles } from '../src/cli/read-changed-files.ts'
import { INDEX_DOCUMENTS_FUNCTION, type NewDistribution } from '../src/emulator/index.ts'
import { FreshfrontError, interrupted } from '../src/errors.ts'
import { invalidatePaths, type InvalidateOptions, type InvalidateRequest } from '../src/invalidate-paths.ts'
import type { InvalidateOutcome } from '../src/model.ts'
import { tagsOfRecord } from '../src/plan/cache-tags.ts'
import { makeTagHash } from '../src/plan/tags/cache-tag-list.ts'
import { readSiteState } from '../src/state/site-state.ts'
import { type Cloud, startCloud } from './cloud.ts'

let cloud: Cloud
afterEach(async () => {
  expect(cloud.emulator.faults).toEqual([])
  await cloud.close()
})

const withIndexes: Partial<NewDistribution> = {
  defaultBehavior: { functions: { viewerRequest: INDEX_DOCUMENTS_FUNCTION } },
}

/** As `aws s3 cp` would: nothing is recorded, and nothing purged. */
async function put(files: Readonly<Record<string, string>>): Promise<void> {
  const { s3Url: endpoint, region, credentials } = cloud.emulator
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  for (const [Key, Body] of Object.entries(files))
    await s3.send(new PutObjectCommand({ Bucket: 'site', Key, Body, ContentType: 'text/html' }))
  s3.destroy()
}

function invalidate(
  request: Partial<InvalidateRequest>,
  options: Partial<InvalidateOptions> = {},
): Promise<InvalidateOutcome> {
  const asked = {
    bucket: 'site',
    prefix: '',
    distributions: [],
    filters: [],
    urls: [],
    wait: true,
    paths: [],
    files: [],
  }
  return invalidatePaths({ ...asked, ...request }, cloud.ports, { mode: 'invalidate', ...options })
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const itemsOf = ({ planned }: InvalidateOutcome): string[] =>
  planned.flatMap(({ items }) => items.map(({ item }) => item))

const bodies = async (path: string): Promise<string[]> => [...new Set((await cloud.ask(path)).map(({ body }) => body))]

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof FreshfrontError ? error.code : String(error)),
  )

describe('typed paths', () => {
  it('are fresh at every edge afterwards, and others stay as they were', async () => {
    cloud = await startCloud({ distribution: withIndexes })
    await put({ 'blog/index.html': 'old', 'café.html': 'old', 'a.html': 'old' })
    for (const path of ['/blog/', '/caf%C3%A9.html', '/a.html']) expect(await bodies(path)).toEqual(['old'])
    await put({ 'blog/index.html': 'new', 'café.html': 'new', 'a.html': 'new' })
    const outcome = await invalidate({ paths: ['blog/', '/café.html'] })
    expect(itemsOf(outcome)).toEqual(['/blog/', '/blog/index.html', '/caf%C3%A9.html'])
    expect([outcome.result, outcome.warnings]).toEqual(['fresh', []])
    expect(outcome.planned[0]?.items.map(({ reasons }) => reasons[0])).toEqual([
      'asked for as blog/',
      expect.stringMatching(/^the function \S+ rewrites to it, asked for as blog\/$/),
      'asked for as /café.html',
    ])
    for (const path of ['/blog/', '/caf%C3%A9.html']) expect(await bodies(path)).toEqual(['new'])
    expect(await bodies('/a.html')).toEqual(['old'])
  })

  it('are purged anew by each call, and billed', async () => {
    cloud = await startCloud()
    for (const version of ['1', '2']) {
      await put({ 'a.html': version })
      expect((await invalidate({ paths: ['/a.html'] })).result).toBe('fresh')
      expect(await bodies('/a.html')).toEqual([version])
    }
    expect(cloud.emulator.cloudFront.pathsBilledThisMonth).toBe(2)
  })

  it('go to a distribution that was named, without a bucket and without asking one', async () => {
    cloud = await startCloud()
    const outcome = await invalidate({ bucket: undefined, distributions: [cloud.distributionId], paths: ['/x'] })
    expect(outcome.invalidations.map(({ items, status }) => [items.length, status])).toEqual([[1, 'Completed']])
    expect(outcome.requests).toMatchObject({ get: 0, list: 0, put: 0, createInvalidation: 1 })
  })

  it('purge by tag where the distribution reads tags', async () => {
    cloud = await startCloud({ distribution: { cacheTagHeader: 'x-amz-meta-cache-tag' } })
    await cloud.write({ 'index.html': 'i', 'page.html': 'old' })
    await cloud.deploy()
    expect(await bodies('/page.html')).toEqual(['old'])
    await put({ 'page.html': 'new' })
    const { objects = {}, tagSalt = '' } = (await readSiteState(cloud.ports.bucket, '')) ?? {}
    const record = objects['page.html']
    const [described] = await cloud.ports.distributions.describe(cloud.distributionId)
    const tags = tagsOfRecord('page.html', record, described!, makeTagHash(sha256, tagSalt))
    expect(itemsOf(await invalidate({ paths: [`#${tags[0]}`] }))).toEqual([`#${tags[0]}`])
    expect(await bodies('/page.html')).toEqual(['new'])
  })

  it('are only shown by a dry run, and not waited for with --no-wait', async () => {
    cloud = await startCloud()
    expect(await invalidate({ paths: ['/a'] }, { mode: 'plan' })).toMatchObject({
      result: 'planned',
      invalidations: [],
    })
    expect(cloud.emulator.cloudFront.pathsBilledThisMonth).toBe(0)
    expect((await invalidate({ paths: ['/a'], wait: false })).result).toBe('live')
  })

  it.each<[string, Partial<InvalidateRequest>]>([
    ['PATHS_NOT_VALID', { paths: ['/a', '/b*c', '#tag'] }],
    ['DISTRIBUTION_NOT_GIVEN', { bucket: undefined, paths: ['/a'] }],
    ['NO_DISTRIBUTION_ANSWERS', { bucket: 'other', paths: ['/a'] }],
    ['DISTRIBUTION_NOT_FOUND', { distributions: ['E0000000000000'], paths: ['/a'] }],
  ])('end with %s before anything is sent', async (code, request) => {
    cloud = await startCloud()
    expect(await codeOf(invalidate(request))).toBe(code)
    expect(cloud.emulator.cloudFront.pathsBilledThisMonth).toBe(0)
  })

  it('do not promise to be remembered when the run is stopped', async () => {
    cloud = await startCloud()
    const outcome = await invalidate({ paths: ['/a'] }, { signal: AbortSignal.abort(interrupted('SIGINT')) })
    expect([outcome.result, outcome.invalidations.map(({ status }) => status)]).toEqual(['failed', ['InProgress']])
    expect(outcome.failures[0]?.fix).toBe('Run the same command again: nothing of it is remembered.')
  })
})

describe('more paths than are allowed', () => {
  const posts = Array.from({ length: 1001 }, (_, number) => `/posts/${number}.html`)

  it('are refused beyond the free ones, unless a number is given', async () => {
    cloud = await startCloud()
    expect(await codeOf(invalidate({ paths: posts }))).toBe('OVER_FREE_PATHS')
    const plan = await invalidate({ paths: posts }, { mode: 'plan' })
    expect(plan.warnings.map(({ message }) => message)).toEqual([
      "This would invalidate 1001 paths, and as far as is known here 1000 of this month's free ones are left: the rest costs $0.005.",
    ])
    expect(
      itemsOf(await invalidate({ paths: posts, invalidation: { maxPaths: 1001 } }, { mode: 'plan' })),
    ).toHaveLength(1001)
  })

  it('are folded by what they share where the site is not known', async () => {
    cloud = await startCloud()
    const outcome = await invalidate({ paths: ['/about.html', ...posts.slice(0, 50)], invalidation: { maxPaths: 2 } })
    expect(itemsOf(outcome)).toEqual(['/posts/*', '/about.html'])
    expect(outcome.warnings.map(({ code }) => code)).toEqual(['PATHS_FOLDED'])
  })

  it('are folded to lose the least of what Freshfront has put there', async () => {
    cloud = await startCloud()
    const names = ['a/1.html', 'a/2.html', 'a/3.html', 'b/1.html', 'b/2.html', 'b/x/1.html', 'b/x/2.html', 'b/x/3.html']
    await cloud.write(Object.fromEntries(names.map((name) => [name, name])))
    await cloud.deploy()
    const paths = ['/a/1.html', '/a/2.html', '/a/3.html', '/b/x/1.html', '/b/x/2.html']
    const outcome = await invalidate({ paths, invalidation: { maxPaths: 3 } })
    expect(itemsOf(outcome)).toEqual(['/a/*', '/b/x/1.html', '/b/x/2.html'])
    expect(outcome.planned.flatMap(({ items }) => items.map(({ evicts = 0 }) => evicts))).toEqual([0, 0, 0])
  })
})

describe('--from-git', () => {
  let repository: string
  beforeEach(async () => {
    repository = await mkdtemp(join(tmpdir(), 'freshfront-git-'))
    git('init', '-q', '-b', 'main')
  })
  afterEach(() => rm(repository, { recursive: true }))

  function git(...args: string[]): string {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false']
    return execFileSync('git', [...who, ...args], {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  async function commit(files: Readonly<Record<string, string | undefined>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const path = join(repository, name)
      await mkdir(dirname(path), { recursive: true })
      if (text === undefined) await rm(path)
      else await writeFile(path, text)
    }
    git('add', '-A')
    git('commit', '-q', '-m', 'edit')
  }

  const changed = (range: string, root?: string): ReturnType<typeof readChangedFiles> =>
    readChangedFiles({ folder: join(repository, root ?? ''), isRoot: root !== undefined, range })

  const first = { 'site/blog/index.html': 'old', 'site/café.html': 'old', 'site/a.html': 'old', 'README.md': 'old' }

  it('refreshes what commits have changed below the root, under every URL, and says why', async () => {
    cloud = await startCloud({ distribution: withIndexes })
    await commit(first)
    await put({ 'blog/index.html': 'old', 'café.html': 'old', 'a.html': 'old' })
    for (const path of ['/blog/', '/blog', '/caf%C3%A9.html', '/a.html']) expect(await bodies(path)).toEqual(['old'])
    await commit({
      'site/blog/index.html': 'new',
      'site/café.html': undefined,
      'site/new.html': 'new',
      'README.md': 'new',
    })
    await put({ 'blog/index.html': 'new', 'a.html': 'not committed' })
    const files = await changed('HEAD~1', 'site')
    expect(files).toEqual([
      { path: 'blog/index.html', change: 'changed' },
      { path: 'café.html', change: 'removed' },
      { path: 'new.html', change: 'added' },
    ])
    const outcome = await invalidate({ files })
    expect(itemsOf(outcome)).toEqual(['/blog', '/blog/', '/blog/index.html', '/caf%C3%A9.html'])
    expect(outcome.planned[0]?.items[0]?.reasons).toEqual([
      expect.stringMatching(/^the function \S+ rewrites it to \/blog\/index.html: changed in git$/),
    ])
    // An error for what was not there yet lasts ten seconds at most, which is free.
    expect([outcome.settleSeconds, outcome.seconds >= 10]).toEqual([10, true])
    for (const path of ['/blog/', '/blog']) expect(await bodies(path)).toEqual(['new'])
    expect(await bodies('/a.html')).toEqual(['old'])
  })

  it('finds the bucket behind a distribution by its origin, and leaves out what is never deployed', async () => {
    cloud = await startCloud()
    const files = [
      { path: 'a.html', change: 'changed' as const },
      { path: 'b.map', change: 'changed' as const },
      { path: '.env', change: 'changed' as const },
      { path: '.git/config', change: 'changed' as const },
    ]
    const named = { bucket: undefined, distributions: [cloud.distributionId], prefix: '' }
    const filters = [{ kind: 'exclude' as const, pattern: '*.map' }]
    expect(itemsOf(await invalidate({ ...named, files, filters }))).toEqual(['/a.html'])
    expect((await invalidate({ ...named, files: [], filters })).result).toBe('nothing to do')
  })

  it('reads ranges of two and three dots, and takes none for an option', async () => {
    cloud = await startCloud()
    await commit({ 'a.html': '1' })
    await commit({ 'b.html': '1' })
    git('switch', '-q', '-c', 'topic', 'HEAD~1')
    await commit({ 'c.html': '1' })
    const paths = async (range: string): Promise<string[]> => (await changed(range)).map(({ path }) => path)
    expect(await paths('main..topic')).toEqual(['b.html', 'c.html'])
    expect(await paths('main...topic')).toEqual(['c.html'])
    expect(await paths('HEAD~1..')).toEqual(['c.html'])
    for (const range of ['--output=x', '-p..HEAD', 'nowhere', `${'0'.repeat(40)}..HEAD`])
      expect(await codeOf(changed(range))).toBe('FILES_NOT_LISTED')
    expect(git('status', '--porcelain')).toBe('')
  })

  it('says what to do in a shallow clone, in a folder that git ignores, and outside of a repository', async () => {
    cloud = await startCloud()
    await commit({ 'a.html': '1', '.gitignore': 'dist' })
    await commit({ 'a.html': '2' })
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${repository}`, 'shallow'], { cwd: repository })
    await mkdir(join(repository, 'dist'))
    await expect(changed('HEAD~1..HEAD', 'shallow')).rejects.toThrow(
      expect.objectContaining({ fix: expect.stringContaining('fetch-depth: 0') as unknown }),
    )
    await expect(changed('HEAD~1', 'dist')).rejects.toThrow(/is ignored by git/)
    await expect(readChangedFiles({ folder: tmpdir(), isRoot: true, range: 'HEAD~1' })).rejects.toThrow(
      /not a git repository/,
    )
  })

  it('is a command: paths from standard input and commits, one JSON document, and usage errors', async () => {
    cloud = await startCloud()
    await commit(first)
    await commit({ 'site/a.html': 'new' })
    const named = ['/bin', '/dev', '/etc', '/proc', '/usr', '--distribution', cloud.distributionId]
    const flags = ['--from-git', 'HEAD~1', '--root', 'site', '--paths-from', '-', '--json', '--no-wait']
    const sent = await command([...named, ...flags], '/x\n\nb\n')
    const asked = (item: string, reason: string = 'asked for'): object => ({ item, reasons: [reason] })
    expect(JSON.parse(sent.stdout)).toMatchObject({
      formatVersion: 1,
      result: 'live',
      invalidations: [
        {
          distribution: cloud.distributionId,
          items: [
            asked('/a.html', 'served from a.html: changed in git'),
            asked('/b', 'asked for as b'),
            ...['/bin', '/dev', '/etc', '/proc', '/usr', '/x'].map((path) => asked(path)),
          ],
          status: 'InProgress',
        },
      ],
      // What an unquoted /* becomes.
      warnings: [{ code: 'EXPANDED_BY_SHELL' }],
    })
    const neither = await command(['/a'], '')
    expect([neither.exitCode, neither.stderr]).toEqual([2, expect.stringContaining('Use --distribution ID')])
  })

  const program = fileURLToPath(new URL('../dist/program/main.js', import.meta.url))

  function command(
    args: readonly string[],
    input: string,
  ): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
    const { credentials, cloudFrontUrl } = cloud.emulator
    const child = spawn(process.execPath, [program, 'invalidate', ...args], {
      cwd: repository,
      env: {
        PATH: process.env['PATH'],
        HOME: repository,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_ENDPOINT_URL_CLOUDFRONT: cloudFrontUrl,
      },
    })
    child.stdin.end(input)
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (data) => (said.stdout += String(data)))
    child.stderr.on('data', (data) => (said.stderr += String(data)))
    return new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, ...said })))
  }
})
