import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { FreshfrontError } from '../errors.ts'
import { loadConfig } from './load.ts'
import type { ConfigFlags } from './layers.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'freshfront-config-'))
})
afterEach(() => rm(cwd, { recursive: true }))

interface Given {
  readonly flags?: ConfigFlags
  readonly env?: Record<string, string>
  readonly file?: unknown
}

async function load(given: Given) {
  if (given.file !== undefined) {
    const text = typeof given.file === 'string' ? given.file : JSON.stringify(given.file)
    await writeFile(join(cwd, 'freshfront.json'), text)
  }
  return loadConfig({ flags: given.flags ?? {}, env: given.env ?? {}, cwd })
}

async function failure(given: Given): Promise<FreshfrontError> {
  const error: unknown = await load({ ...given, flags: { dir: 'public', ...given.flags } }).catch((caught) => caught)
  if (error instanceof FreshfrontError) return error
  throw new Error('loadConfig accepted it', { cause: error })
}

describe('loadConfig merges', () => {
  it.each([
    ['5', { releases: 5, days: 0 }],
    ['14d', { releases: 0, days: 14 }],
    ['3, 7d', { releases: 3, days: 7 }],
    ['0', { releases: 0, days: 0 }],
  ])('keeps assets for %s', async (keepAssets, expected) => {
    const flags = { dir: 'public', bucket: 'site' }
    for (const source of [
      { flags: { ...flags, keepAssets } },
      { flags, env: { FRESHFRONT_KEEP_ASSETS: keepAssets } },
    ]) {
      expect((await load(source)).config.keepAssets).toEqual(expected)
    }
  })

  it('takes headers of parts of the site, and how objects are stored', async () => {
    const set = { 'Cache-Control': 'no-cache', 'X-Robots-Tag': 'noindex' }
    const { config, sources } = await load({
      flags: { dir: 'public', bucket: 'site', sse: 'aws:kms', sseKmsKeyId: 'alias/site' },
      env: { FRESHFRONT_STORAGE_CLASS: 'STANDARD_IA' },
      file: { headers: [{ for: 'drafts/*', set }], objectTags: { project: 'site' }, cacheControl: 'recommended' },
    })
    expect(config.headers).toEqual([{ pattern: 'drafts/*', set, detach: [] }])
    expect(config.storage).toEqual({
      sse: 'aws:kms',
      sseKmsKeyId: 'alias/site',
      storageClass: 'STANDARD_IA',
      tags: { project: 'site' },
    })
    expect([config.cacheControl, sources.headers]).toEqual(['recommended', 'freshfront.json'])
  })

  it('takes patterns to ignore from each source, of which those of the strongest count', async () => {
    const flags = { dir: 'public', bucket: 'site' }
    const ignore = ['<meta name="build"[^>]*>', 'v\\d{1,3}']
    const env = { FRESHFRONT_IGNORE: `${ignore.join('\n')}\n` }
    expect((await load({ flags, env, file: { ignore: ['other'] } })).config.ignore).toEqual(ignore)
    expect((await load({ flags, file: { ignore } })).config.ignore).toEqual(ignore)
    const { config, sources } = await load({ flags: { ...flags, ignore: ['a,b'] }, env })
    expect([config.ignore, sources.ignore]).toEqual([['a,b'], '--ignore'])
  })

  it('remembers what was read of each file, but not in CI, where somebody has to ask for it', async () => {
    const folderOf = async (env: Record<string, string>): Promise<string | undefined> =>
      (await load({ flags: { dir: 'public', bucket: 'site' }, env })).config.cacheFolder
    const folder = join(cwd, '.freshfront', 'cache')
    expect(await folderOf({ CI: '' })).toBe(folder)
    expect(await folderOf({ CI: 'true' })).toBeUndefined()
    expect(await folderOf({ CI: 'true', FRESHFRONT_STAT_CACHE: '1' })).toBe(folder)
    expect(await folderOf({ FRESHFRONT_STAT_CACHE: '0' })).toBeUndefined()
  })

  it('takes defaults for all that nobody says', async () => {
    expect(await load({ flags: { dir: 'public', bucket: 'site' } })).toEqual({
      config: {
        cacheFolder: join(cwd, '.freshfront', 'cache'),
        dir: join(cwd, 'public'),
        bucket: 'site',
        prefix: '',
        distributions: [],
        filters: [],
        delete: false,
        followSymlinks: false,
        force: false,
        wait: true,
        yes: false,
        keepAssets: { releases: 3, days: 7 },
        concurrency: 64,
        urls: [],
      },
      settings: { dir: join(cwd, 'public'), bucket: 'site', prefix: '' },
      sources: {
        dir: 'argument',
        bucket: '--bucket',
        prefix: 'default',
        distributions: 'default',
        filters: 'default',
        delete: 'default',
        keepAssets: 'default',
        followSymlinks: 'default',
        force: 'default',
        wait: 'default',
        yes: 'default',
        concurrency: 'default',
        urls: 'default',
      },
    })
  })

  it('lets a flag win over the environment, the environment over the file, the file over the default', async () => {
    const { config, sources } = await load({
      flags: { concurrency: '1' },
      env: { FRESHFRONT_CONCURRENCY: '2', FRESHFRONT_MAX_DELETE: '2', FRESHFRONT_WAIT: 'false' },
      file: { dir: '.', bucket: 'site', concurrency: 3, maxDelete: 3, wait: true, delete: true },
    })
    expect([config.concurrency, config.maxDelete, config.wait, config.delete]).toEqual([1, 2, false, true])
    expect([sources.concurrency, sources.maxDelete, sources.wait, sources.delete, sources.yes]).toEqual([
      '--concurrency',
      'FRESHFRONT_MAX_DELETE',
      'FRESHFRONT_WAIT',
      'freshfront.json',
      'default',
    ])
  })

  it('takes from the file where keys are served', async () => {
    const urls = [{ key: '*index.html', paths: ['/$1', '/$1amp/'] }]
    const { config, sources } = await load({ file: { dir: '.', bucket: 'site', urls } })
    expect([config.urls, sources.urls]).toEqual([urls, 'freshfront.json'])
  })

  it('asks the edge where the settings say so, pinned to addresses like those of curl', async () => {
    const { config, sources } = await load({
      flags: { resolve: ['www.example.com:443:203.0.113.7,[2001:db8::1]', 'cdn.example.com:80:127.0.0.1:8080'] },
      env: { FRESHFRONT_VERIFY_URL: 'https://www.example.com/, http://cdn.example.com' },
      file: { dir: '.', bucket: 'site', verifyUrl: 'https://example.com' },
    })
    expect(config.verifyUrls).toEqual(['https://www.example.com', 'http://cdn.example.com'])
    expect(config.resolve).toEqual([
      { host: 'www.example.com', port: 443, addresses: ['203.0.113.7:443', '[2001:db8::1]:443'] },
      { host: 'cdn.example.com', port: 80, addresses: ['127.0.0.1:8080'] },
    ])
    expect([sources.verifyUrls, sources.resolve]).toEqual(['FRESHFRONT_VERIFY_URL', '--resolve'])
  })

  it('reads folders of the file from where the file lies', async () => {
    await mkdir(join(cwd, 'deploy'))
    await writeFile(join(cwd, 'deploy/site.json'), '\uFEFF{ "dir": "../public", "bucket": "site" }')
    const { config, sources } = await load({ flags: { config: 'deploy/site.json' } })
    expect(config.dir).toBe(join(cwd, 'public'))
    expect(sources.dir).toBe('deploy/site.json')
  })

  it('takes bucket and prefix from an s3:// URL, whose missing prefix means the whole bucket', async () => {
    const file = { dir: '.', prefix: 'blog' }
    const place = async (bucket: string) => {
      const { config } = await load({ flags: { bucket }, file })
      return `${config.bucket} ${config.prefix}`
    }
    expect(await place('s3://site/docs')).toBe('site docs/')
    expect(await place('s3://site')).toBe('site ')
    expect(await place('site')).toBe('site blog/')
  })

  it.each([
    ['/', ''],
    ['blog', 'blog/'],
    ['/blog/', 'blog/'],
    ['a/b c/', 'a/b c/'],
  ])('writes the prefix %j as %j', async (prefix, written) => {
    expect((await load({ flags: { dir: '.', bucket: 'site', prefix } })).config.prefix).toBe(written)
  })

  it('adds filters up, file first and flags last, since the last match decides', async () => {
    const { config, sources } = await load({
      flags: { filters: [{ kind: 'include', pattern: 'new/*' }] },
      env: { FRESHFRONT_INCLUDE: 'a/*', FRESHFRONT_EXCLUDE: '*.tmp, *.bak' },
      file: { dir: '.', bucket: 'site', filters: [{ exclude: '*.map' }] },
    })
    expect(config.filters.map((rule) => `${rule.kind} ${rule.pattern}`)).toEqual([
      'exclude *.map',
      'exclude *.tmp',
      'exclude *.bak',
      'include a/*',
      'include new/*',
    ])
    expect(sources.filters).toBe('freshfront.json, FRESHFRONT_EXCLUDE, --include')
  })

  it('adds up what is kept and what is allowed: a flag takes no protection away', async () => {
    const { config, sources } = await load({
      flags: { keep: ['uploads/*', 'ads.txt'], allowSecrets: ['a,b.pem'] },
      env: { FRESHFRONT_KEEP: 'feeds/*, ads.txt' },
      file: { dir: 'public', bucket: 'site', keep: ['legacy/*'], allowSecrets: ['demo/*'] },
    })
    expect(config.keep).toEqual(['uploads/*', 'ads.txt', 'feeds/*', 'legacy/*'])
    expect(config.allowSecrets).toEqual(['a,b.pem', 'demo/*'])
    expect([sources.keep, sources.allowSecrets]).toEqual([
      '--keep, FRESHFRONT_KEEP, freshfront.json',
      '--allow-secrets, freshfront.json',
    ])
  })

  it('takes distributions as one id, as a list, or comma separated from the environment', async () => {
    const file = { dir: '.', bucket: 'site', distribution: 'E1AAAAAAAAAAAA' }
    const distributions = async (given: Given) => (await load(given)).config.distributions
    expect(await distributions({ file })).toEqual(['E1AAAAAAAAAAAA'])
    expect(await distributions({ file: { ...file, distribution: ['E2', 'E3', 'E2'] } })).toEqual(['E2', 'E3'])
    expect(await distributions({ file, env: { FRESHFRONT_DISTRIBUTION: 'E4, E5' } })).toEqual(['E4', 'E5'])
  })

  it('takes an empty variable for one that is not set', async () => {
    const { sources } = await load({ flags: { dir: '.' }, env: { FRESHFRONT_BUCKET: '' }, file: { bucket: 'site' } })
    expect(sources.bucket).toBe('freshfront.json')
  })
})

describe('loadConfig refuses', () => {
  const bucketName =
    'expected a bucket name (3 to 63 lower-case letters, digits, dots and hyphens) or s3://bucket/prefix'

  it.each<[string, Given, string, string?]>([
    [
      'capital letters',
      { flags: { bucket: 'My-Site' } },
      `--bucket: ${bucketName}, not "My-Site".`,
      'It has capital letters.',
    ],
    ['a short name', { flags: { bucket: 'ab' } }, `--bucket: ${bucketName}, not "ab".`, 'It has 2 characters.'],
    [
      'an underscore',
      { env: { FRESHFRONT_BUCKET: 'my_site' } },
      `FRESHFRONT_BUCKET: ${bucketName}, not "my_site".`,
      'It has "_" in it.',
    ],
    [
      'a hyphen at the end',
      { file: { bucket: 'site-' } },
      `"bucket" in freshfront.json: ${bucketName}, not "site-".`,
      'It must begin and end with a letter or a digit.',
    ],
    [
      'two dots',
      { flags: { bucket: 'my..site' } },
      `--bucket: ${bucketName}, not "my..site".`,
      'It has two dots in a row.',
    ],
    [
      'an IP address',
      { flags: { bucket: '10.0.0.1' } },
      `--bucket: ${bucketName}, not "10.0.0.1".`,
      'It looks like an IP address.',
    ],
    [
      'a path',
      { flags: { bucket: 'site/blog' } },
      `--bucket: ${bucketName}, not "site/blog".`,
      'Write s3://site/blog, or use --prefix for what follows the slash.',
    ],
    [
      'an ARN',
      { flags: { bucket: 'arn:aws:s3:::site' } },
      `--bucket: ${bucketName}, not "arn:aws:s3:::site".`,
      'The name is the part after the last colon of the ARN.',
    ],
    [
      'a URL',
      { flags: { bucket: 'https://site.s3.amazonaws.com' } },
      `--bucket: ${bucketName}, not "https://site.s3.amazonaws.com".`,
      'Give the name alone, not the URL of the bucket.',
    ],
    ['an empty flag', { flags: { bucket: '' } }, `--bucket: ${bucketName}, not "".`, 'It is empty.'],
    [
      'a bad target',
      { flags: { target: 's3://Site/x' } },
      `the target: ${bucketName}, not "s3://Site/x".`,
      'It has capital letters.',
    ],
    [
      'two targets',
      { flags: { target: 's3://site', bucket: 'other' } },
      '"s3://site" and --bucket "other" name two targets.',
      'Keep one of them.',
    ],
    [
      'two prefixes',
      { flags: { bucket: 's3://site/blog', prefix: 'docs' } },
      '--bucket "s3://site/blog" and --prefix "docs" name two prefixes.',
      'Keep one of them: s3://site with --prefix, or the whole in --bucket.',
    ],
    [
      'a path as prefix',
      { flags: { prefix: '../blog' } },
      '--prefix: expected a key prefix such as blog/, not "../blog".',
      'A prefix is not a path: "." and ".." mean nothing in a key.',
    ],
    [
      'a backslash',
      { flags: { prefix: 'a\\b' } },
      '--prefix: expected a key prefix such as blog/, not "a\\\\b".',
      'Its parts are divided by /, not by \\.',
    ],
    [
      'two slashes',
      { file: { prefix: 'a//b' } },
      '"prefix" in freshfront.json: expected a key prefix such as blog/, not "a//b".',
      'It has two slashes in a row.',
    ],
    [
      'the place of the state',
      { flags: { prefix: '.freshfront' } },
      '--prefix: expected a key prefix such as blog/, not ".freshfront".',
      'Freshfront keeps its own records there.',
    ],
    [
      'a domain name',
      { flags: { distribution: ['d111111abcdef8.cloudfront.net'] } },
      '--distribution: expected distribution ids such as E2QWRUHAPOMQZL, not "d111111abcdef8.cloudfront.net".',
      'That is a domain name or a URL; give the id, or leave it out and Freshfront finds the distributions that serve the bucket.',
    ],
    [
      'a lower-case id',
      { env: { FRESHFRONT_DISTRIBUTION: 'E1,e2q' } },
      'FRESHFRONT_DISTRIBUTION: expected distribution ids such as E2QWRUHAPOMQZL, not "e2q".',
      'Ids have capital letters: E2Q.',
    ],
    [
      'an id that is a number',
      { file: { distribution: ['E1', 2] } },
      '"distribution[1]" in freshfront.json: expected distribution ids such as E2QWRUHAPOMQZL, not 2.',
    ],
    [
      'a distribution that is a number',
      { file: { distribution: 2 } },
      '"distribution" in freshfront.json: expected distribution ids such as E2QWRUHAPOMQZL, not 2.',
    ],
    ['a place name', { flags: { region: 'Ireland' } }, '--region: expected a region such as eu-west-1, not "Ireland".'],
    [
      'an availability zone',
      { flags: { region: 'eu-west-1a' } },
      '--region: expected a region such as eu-west-1, not "eu-west-1a".',
      'That is an availability zone; its region is eu-west-1.',
    ],
    [
      'a host as endpoint',
      { flags: { endpointUrl: 'localhost:9000' } },
      '--endpoint-url: expected a URL such as https://s3.example.com, not "localhost:9000".',
      'Write http://localhost:9000 or https://localhost:9000.',
    ],
    [
      'an ftp endpoint',
      { env: { FRESHFRONT_ENDPOINT_URL: 'ftp://x' } },
      'FRESHFRONT_ENDPOINT_URL: expected a URL such as https://s3.example.com, not "ftp://x".',
      'It must begin with http:// or https://.',
    ],
    [
      'credentials in a URL',
      { flags: { endpointUrl: 'http://a:b@x' } },
      '--endpoint-url: expected a URL such as https://s3.example.com, not "http://a:b@x".',
      'Credentials do not belong in it.',
    ],
    [
      'an unknown ACL',
      { flags: { acl: 'public' } },
      '--acl: expected one of private, public-read, public-read-write, authenticated-read, aws-exec-read, bucket-owner-read, bucket-owner-full-control, not "public".',
    ],
    [
      'a header name',
      { flags: { cacheControl: 'Cache-Control: no-cache' } },
      '--cache-control: expected a Cache-Control such as "public, max-age=300" or "recommended", not "Cache-Control: no-cache".',
      'Give the value alone, without "Cache-Control:".',
    ],
    ['no concurrency', { flags: { concurrency: '0' } }, '--concurrency: expected a whole number from 1 to 256, not 0.'],
    [
      'too much concurrency',
      { file: { concurrency: 257 } },
      '"concurrency" in freshfront.json: expected a whole number from 1 to 256, not 257.',
    ],
    [
      'a word for a number',
      { env: { FRESHFRONT_CONCURRENCY: 'many' } },
      'FRESHFRONT_CONCURRENCY: expected a whole number from 1 to 256, not "many".',
    ],
    [
      'weeks',
      { flags: { keepAssets: '2w' } },
      '--keep-assets: expected releases, days or both such as 3, 7d or 3,7d, not "2w".',
    ],
    [
      'a pattern that cannot be read',
      { file: { ignore: ['ok', '<meta ('] } },
      '"ignore[1]" in freshfront.json: expected a list of regular expressions such as <meta name="build"[^>]*>, not "<meta (".',
      'It cannot be read: Invalid regular expression: /<meta (/gmu: Unterminated group.',
    ],
    [
      'a pattern that matches everywhere',
      { flags: { ignore: ['.*'] } },
      '--ignore: expected a list of regular expressions such as <meta name="build"[^>]*>, not ".*".',
      'It also matches where there is nothing.',
    ],
    ['a fraction', { flags: { maxDelete: '1.5' } }, '--max-delete: expected a whole number, 0 or more, not "1.5".'],
    [
      'a text for a number',
      { file: { maxDelete: '5' } },
      '"maxDelete" in freshfront.json: expected a whole number, 0 or more, not "5".',
    ],
    [
      'yes for true',
      { env: { FRESHFRONT_DELETE: 'yes' } },
      'FRESHFRONT_DELETE: expected 1, 0, true or false, not "yes".',
    ],
    ['a text for a switch', { file: { wait: 'no' } }, '"wait" in freshfront.json: expected true or false, not "no".'],
    [
      'a mistyped key',
      { file: { buket: 'site' } },
      '"buket" in freshfront.json is not a setting.',
      'Did you mean "bucket"?',
    ],
    [
      'a flag of one run',
      { file: { yes: true } },
      '"yes" in freshfront.json is not a setting.',
      'Confirming is for one run: use --yes or FRESHFRONT_YES.',
    ],
    [
      'a list of excludes',
      { file: { exclude: ['*.map'] } },
      '"exclude" in freshfront.json is not a setting.',
      'Write "filters": [{ "exclude": "PATTERN" }], in the order in which they apply.',
    ],
    [
      'a bad pattern',
      { file: { filters: [{ exclude: 3 }] } },
      '"filters[0].exclude" in freshfront.json: expected a pattern such as "*.map", not 3.',
    ],
    [
      'a rule of two',
      { file: { filters: [{ exclude: 'a', include: 'b' }] } },
      '"filters[0]" in freshfront.json: expected a list of { "include": "PATTERN" } and { "exclude": "PATTERN" }, not {"exclude":"a","include":"b"}.',
      'Each rule has one of the two.',
    ],
    [
      'an unknown rule',
      { file: { filters: [{ only: 'a' }] } },
      '"filters[0]" in freshfront.json: there is no key "only" in a rule.',
      'A rule is { "include": "PATTERN" } or { "exclude": "PATTERN" }.',
    ],
    [
      'an address to verify at with a path',
      { flags: { verifyUrl: ['https://example.com/blog/'] } },
      '--verify-url: expected the address of the site such as https://www.example.com, not "https://example.com/blog/".',
      'Give it without a path: which ones to ask for is worked out from the site.',
    ],
    [
      'a pin without a port',
      { flags: { resolve: ['example.com:127.0.0.1'] } },
      '--resolve: expected HOST:PORT:ADDRESS such as www.example.com:443:203.0.113.7, not "example.com:127.0.0.1".',
    ],
    [
      'a served path without its slash',
      { file: { urls: [{ key: '*index.html', paths: ['$1'] }] } },
      '"urls[0].paths[0]" in freshfront.json: expected paths such as ["/$1"], not "$1".',
      'It must begin with /.',
    ],
    [
      'a rule on no keys',
      { file: { urls: [{ key: '', paths: ['/'] }] } },
      '"urls[0].key" in freshfront.json: expected a pattern such as "*index.html", not "".',
    ],
    [
      'an unknown part of a rule on URLs',
      { file: { urls: [{ key: '*', paths: ['/'], path: '/' }] } },
      '"urls[0]" in freshfront.json: there is no key "path" in a rule.',
      'A rule is { "key": "*index.html", "paths": ["/$1"] }.',
    ],
    [
      'an empty pattern',
      { flags: { filters: [{ kind: 'exclude', pattern: '' }] } },
      '--exclude: expected a pattern such as "*.map", not "".',
      'It is empty.',
    ],
    ['a file that is a list', { file: [] }, 'freshfront.json: expected an object: { "bucket": … }.'],
    [
      'a mistyped variable',
      { env: { FRESHFRONT_DRYRUN: '1' } },
      'There is no variable "FRESHFRONT_DRYRUN".',
      'Did you mean FRESHFRONT_DRY_RUN?',
    ],
    [
      'the root of the disk',
      { flags: { dir: '/' } },
      '"/" is the root of the disk, not a site.',
      'Name the folder that your generator writes to: freshfront deploy public.',
    ],
    [
      'the home folder',
      { flags: { dir: '/home/me/' }, env: { HOME: '/home/me' } },
      '"/home/me" is your home folder, not a site.',
      'Name the folder that your generator writes to: freshfront deploy public.',
    ],
  ])('%s', async (_, given, sentence, advice) => {
    const error = await failure(given)
    const expected = advice === undefined ? sentence : `${sentence} ${advice}`
    expect(`${error.message} ${error.fix}`.slice(0, expected.length)).toBe(expected)
    expect([error.code, error.errorClass]).toEqual(['CONFIG_INVALID', 'usage'])
  })

  it('everything at once, from every source', async () => {
    const error = await failure({
      flags: { concurrency: 'x', region: 'EU' },
      env: { FRESHFRONT_WAIT: 'perhaps' },
      file: { bucket: 'A', color: 'red' },
    })
    expect(error.message).toBe(`5 settings are not valid:
  --region: expected a region such as eu-west-1, not "EU". Regions are written with lower-case letters, digits and hyphens.
  --concurrency: expected a whole number from 1 to 256, not "x".
  FRESHFRONT_WAIT: expected 1, 0, true or false, not "perhaps".
  "bucket" in freshfront.json: ${bucketName}, not "A". It has capital letters.
  "color" in freshfront.json is not a setting. The settings are $schema, dir, bucket, prefix, distribution, region, profile, endpointUrl, filters, delete, keep, allowSecrets, followSymlinks, precompressed, statCache, acl, cacheControl, headers, sse, sseKmsKeyId, storageClass, objectTags, concurrency, maxDelete, keepAssets, ignore, invalidation, lockWait, newestWins, trustState, urls, verifyUrl, resolve, wait.`)
    expect(error.fix).toBe(
      'Correct the flag; --help says what each of them takes. Correct or unset the variable. Correct freshfront.json.',
    )
  })

  it('JSON that is none, with line and column', async () => {
    const error = await failure({ file: '{\n  "bucket": "site",\n}\n' })
    expect(error.message).toBe('freshfront.json:2:19: there is a comma before "}".')
    expect([error.code, error.errorClass]).toEqual(['CONFIG_NOT_JSON', 'usage'])
  })

  it('a file that --config names and that is not there', async () => {
    const error = await failure({ flags: { config: 'deploy/site.json' } })
    expect(error.message).toBe('There is no configuration file "deploy/site.json".')
    expect(error.code).toBe('CONFIG_NOT_FOUND')
  })

  it('a folder in the place of the file', async () => {
    await mkdir(join(cwd, 'freshfront.json'))
    expect((await failure({})).code).toBe('CONFIG_NOT_READABLE')
  })

  it('to guess a bucket', async () => {
    const error = await failure({})
    expect(error.message).toBe('No bucket was named.')
    expect([error.code, error.errorClass]).toEqual(['BUCKET_NOT_GIVEN', 'usage'])
  })

  it('to guess the folder, but names those that look built', async () => {
    await mkdir(join(cwd, 'docs/.vitepress/dist'), { recursive: true })
    await mkdir(join(cwd, 'public'))
    await mkdir(join(cwd, '_site'))
    await writeFile(join(cwd, 'docs/.vitepress/dist/index.html'), '')
    await writeFile(join(cwd, '_site/index.html'), '')
    const error: unknown = await load({ flags: { bucket: 'site' } }).catch((caught) => caught)
    expect(error).toMatchObject({
      code: 'SOURCE_NOT_GIVEN',
      fix: 'Name it: freshfront deploy _site, freshfront deploy docs/.vitepress/dist.',
    })
  })
})

describe('loadConfig refuses in headers and storage', () => {
  it.each<readonly [unknown, string]>([
    [
      { headers: [{ for: '*.pdf' }] },
      '"headers[0].set" in freshfront.json: expected headers such as { "Cache-Control": "max-age=60" }, not undefined.',
    ],
    [
      { headers: [{ for: '*.pdf', set: { 'Set-Cookie': 'a=1' } }] },
      '"headers[0].set" in freshfront.json: expected headers such as { "Cache-Control": "max-age=60" }, not {"Set-Cookie":"a=1"}. Set-Cookie is written by S3 or CloudFront itself and cannot be set.',
    ],
    [
      { headers: [{ for: '*.pdf', set: {}, unset: [] }] },
      '"headers[0]" in freshfront.json: there is no key "unset" in a rule. A rule is { "for": "*.pdf", "set": { "Cache-Control": "max-age=60" } }.',
    ],
    [
      { objectTags: { 'aws:x': '1' } },
      '"objectTags" in freshfront.json: expected an object such as { "project": "site" }, up to 10 tags, not {"aws:x":"1"}. Names that begin with aws: belong to AWS.',
    ],
    [
      { storageClass: 'GLACIER' },
      '"storageClass" in freshfront.json: expected one of STANDARD, REDUCED_REDUNDANCY, STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, not "GLACIER".',
    ],
    [
      { delete: true, trustState: true },
      '--delete removes what Freshfront did not put there, and --trust-state does not look for it.',
    ],
    [{ sseKmsKeyId: 'alias/site' }, 'The KMS key "alias/site" is named, but no encryption.'],
    [
      { cacheControl: 'recomended' },
      '"cacheControl" in freshfront.json: expected a Cache-Control such as "public, max-age=300" or "recommended", not "recomended". Did you mean recommended?',
    ],
  ])('%j', async (settings, message) => {
    const error = await failure({ file: { bucket: 'site', ...(settings as object) } })
    expect(error.message).toBe(message)
  })
})
