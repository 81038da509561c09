import { hash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FreshfrontError } from '../errors.ts'
import type { DeployEvent, FilterRule, SiteSnapshot } from '../model.ts'
import { scanSite, type ScanOptions } from './scan.ts'

let folder: string
let site: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scan-'))
  site = join(folder, 'site')
  mkdirSync(site)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Writes files below the site folder; each holds its own path unless told otherwise. */
function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(site, path)), { recursive: true })
    writeFileSync(join(site, path), path)
  }
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(site, path)), { recursive: true })
  symlinkSync(target, join(site, path))
}

function scan(options: Partial<ScanOptions> = {}): Promise<SiteSnapshot> {
  return scanSite(site, { prefix: '', filters: [], followSymlinks: false, ...options })
}

async function keysOf(options: Partial<ScanOptions> = {}): Promise<string[]> {
  return (await scan(options)).files.map(({ key }) => key)
}

async function faultOf(options: Partial<ScanOptions> = {}): Promise<FreshfrontError> {
  return scan(options).then(
    () => expect.unreachable('the folder was accepted'),
    (error: FreshfrontError) => error,
  )
}

describe('scanSite', () => {
  it('gives each file its key, digests and headers', async () => {
    mkdirSync(join(site, 'blog'))
    writeFileSync(join(site, 'blog', 'index.html'), 'abc')
    expect(await scan({ prefix: 'docs/', cacheControl: 'max-age=60' })).toEqual({
      dir: site,
      files: [
        {
          key: 'docs/blog/index.html',
          filePath: join(site, 'blog', 'index.html'),
          sizeBytes: 3,
          md5: '900150983cd24fb0d6963f7d28e17f72',
          sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
          etag: '"900150983cd24fb0d6963f7d28e17f72"',
          metadata: { contentType: 'text/html; charset=utf-8', cacheControl: 'max-age=60' },
        },
      ],
      skipped: [],
      secrets: [],
    })
  })

  it('takes .br and .gz for other forms of the file beside them where that is wanted, and for files of their own elsewhere', async () => {
    write('app.js', 'app.js.br', 'app.js.gz', 'data.csv.gz')
    const headers = async (options: Partial<ScanOptions>): Promise<unknown> =>
      (await scan(options)).files.map(({ key, metadata }) => [key, metadata.contentType, metadata.contentEncoding])
    expect(await headers({ precompressed: true })).toEqual([
      ['app.js', 'text/javascript; charset=utf-8', undefined],
      ['app.js.br', 'text/javascript; charset=utf-8', 'br'],
      ['app.js.gz', 'text/javascript; charset=utf-8', 'gzip'],
      ['data.csv.gz', 'application/gzip', undefined],
    ])
    expect(await headers({})).toContainEqual(['app.js.gz', 'application/gzip', undefined])
  })

  it('sorts keys by their UTF-8 bytes', async () => {
    write('blog/a.html', 'blog-old/a.html', 'blog.html', 'ｚ.html', '😀.html')
    expect(await keysOf()).toEqual(['blog-old/a.html', 'blog.html', 'blog/a.html', 'ｚ.html', '😀.html'])
  })

  it('stores a name under its Unicode form NFC and reads it as it is on disk', async () => {
    write('cafe\u0301.html')
    const { files } = await scan()
    expect(files.map(({ key }) => key)).toEqual(['caf\u00e9.html'])
    expect(files[0]?.filePath).toBe(join(site, 'cafe\u0301.html'))
  })

  it('leaves litter on disk at any depth, even when it is included by name', async () => {
    write('index.html', '.freshfront/local/state', 'docs/.DS_Store', 'freshfront.json')
    write('.well-known/security.txt', '.nojekyll', 'docs/freshfront.json')
    const { files, skipped } = await scan({ filters: [{ kind: 'include', pattern: '*.DS_Store' }] })
    expect(files.map(({ key }) => key)).toEqual([
      '.nojekyll',
      '.well-known/security.txt',
      'docs/freshfront.json',
      'index.html',
    ])
    expect(skipped).toEqual([
      { path: '.freshfront/', reason: 'never-deployed' },
      { path: 'docs/.DS_Store', reason: 'never-deployed' },
      { path: 'freshfront.json', reason: 'never-deployed' },
    ])
  })

  it('reports what the filters leave out, a folder that goes as a whole in one line', async () => {
    write('index.html', 'a.map', 'drafts/a.html', 'drafts/deep/b.html')
    const { files, skipped } = await scan({
      filters: [
        { kind: 'exclude', pattern: '*.map' },
        { kind: 'exclude', pattern: 'drafts/*' },
      ],
    })
    expect(files.map(({ key }) => key)).toEqual(['index.html'])
    expect(skipped).toEqual([
      { path: 'a.map', reason: 'excluded' },
      { path: 'drafts/', reason: 'excluded' },
    ])
  })

  it('does not read a FIFO', async () => {
    write('index.html')
    execFileSync('mkfifo', [join(site, 'pipe')])
    expect((await scan()).skipped).toEqual([{ path: 'pipe', reason: 'not-a-regular-file' }])
  })

  it('takes the ETag of a file as known while its bytes are, and still looks for secrets in it', async () => {
    const body = `ghp_${'R4tZ8kQw2LmX6vBn'}${'Y1sD9fGh3JpC5eUaT7oK'}`
    writeFileSync(join(site, 'app.js'), body)
    const { sizeBytes = 0, sha256 = '' } = (await scan()).files[0] ?? {}
    const known = { sizeBytes, sha256, md5: 'f'.repeat(32), etag: '"remembered-2"' }
    const again = await scan({ known: (key) => (key === 'app.js' ? known : undefined) })
    expect(again.files).toMatchObject([known])
    expect(again.secrets).toHaveLength(1)
    writeFileSync(join(site, 'app.js'), body.toLowerCase())
    expect((await scan({ known: () => known })).files[0]?.etag).toBe(`"${hash('md5', body.toLowerCase(), 'hex')}"`)
  })

  it('tells how far it is', async () => {
    write(...Array.from({ length: 250 }, (_, index) => `${index}.txt`))
    const events: DeployEvent[] = []
    await scan({ onEvent: (event) => events.push(event) })
    expect(events.map(({ kind }) => kind)).toEqual(['scanning', 'scanning', 'scanned'])
    expect(events.at(-1)).toEqual({ kind: 'scanned', files: 250, bytes: 1640, skipped: 0 })
  })

  it('stops when it is aborted', async () => {
    write('index.html')
    await expect(scan({ signal: AbortSignal.abort(new Error('stopped by the user')) })).rejects.toThrow(
      'stopped by the user',
    )
  })
})

describe('a secret', () => {
  const exclude = (...patterns: string[]): FilterRule[] => patterns.map((pattern) => ({ kind: 'exclude', pattern }))
  const secretsOf = async (options: Partial<ScanOptions> = {}): Promise<string[]> =>
    (await scan(options)).secrets.map(({ path, kind, line }) => [path, kind, ...(line ? [line] : [])].join(' '))

  it('is known by its name at any depth, a folder of them in one line, and is none of the files', async () => {
    write('index.html', '.git/HEAD', '.git/refs/heads/main', 'docs/.env.local', 'tls/site.key', 'deploy/id_rsa')
    expect(await secretsOf()).toEqual(['.git/ name', 'deploy/id_rsa name', 'docs/.env.local name', 'tls/site.key name'])
    expect(await keysOf()).toEqual(['index.html'])
  })

  it('that the filters leave out is none, also when an include comes after them', async () => {
    write('index.html', '.git/HEAD', '.git/description.html', '.env')
    expect(await secretsOf({ filters: exclude('.git/*', '.env') })).toEqual([])
    const pages: FilterRule[] = [...exclude('*'), { kind: 'include', pattern: '*.html' }]
    expect(await secretsOf({ filters: pages })).toEqual(['.git/ name'])
    expect(await secretsOf({ filters: [...pages, ...exclude('*description*')] })).toEqual([])
  })

  it('that is allowed is deployed like any file; an include alone does not allow it', async () => {
    write('index.html', '.git/HEAD', 'demo/server.pem', 'server.pem')
    expect(await secretsOf({ filters: [{ kind: 'include', pattern: '*.pem' }] })).toHaveLength(3)
    const allowSecrets = ['demo/*', '.git/*']
    expect(await secretsOf({ allowSecrets })).toEqual(['server.pem name'])
    expect(await keysOf({ allowSecrets })).toEqual(['.git/HEAD', 'demo/server.pem', 'index.html'])
  })

  it('is known by its content, with its line, in small files and large ones', async () => {
    const key = `\n\n${`ghp_${'R4tZ8kQw2LmX6vBn'}`}${'Y1sD9fGh3JpC5eUaT7oK'}\n`
    writeFileSync(join(site, 'app.js'), key)
    writeFileSync(join(site, 'search.json'), `${'[\n'.repeat(600_000)}${key}`)
    expect(await secretsOf()).toEqual(['app.js GitHub token 3', 'search.json GitHub token 600003'])
    expect(await secretsOf({ filters: exclude('app.js'), allowSecrets: ['search.*'] })).toEqual([])
  })

  it('stays one under another name', async () => {
    write('index.html', '.env', '.git/config')
    link('config.txt', '.env')
    link('repository', '.git')
    link('head.txt', '.git/config')
    expect(await secretsOf({ filters: exclude('.env', '.git/*') })).toEqual([
      'config.txt name',
      'head.txt name',
      'repository/ name',
    ])
    const allowSecrets = ['*.txt', 'repository/*']
    expect(await keysOf({ filters: exclude('.env', '.git/*'), allowSecrets })).toEqual([
      'config.txt',
      'head.txt',
      'index.html',
      'repository/config',
    ])
  })
})

describe('scanSite refuses', () => {
  it('a folder that is not there', async () => {
    rmSync(site, { recursive: true })
    expect(await faultOf()).toMatchObject({ code: 'SOURCE_NOT_FOUND', message: `There is no folder "${site}".` })
  })

  it('a file in place of a folder', async () => {
    rmSync(site, { recursive: true })
    writeFileSync(site, '')
    expect(await faultOf()).toMatchObject({
      code: 'SOURCE_NOT_A_FOLDER',
      message: `"${site}" is a file, not a folder.`,
    })
  })

  it('a folder with nothing to deploy', async () => {
    write('.git/HEAD')
    expect(await faultOf()).toMatchObject({ code: 'SOURCE_EMPTY', errorClass: 'refused' })
  })

  it('two names that are one in Unicode form NFC, and names both', async () => {
    write('cafe\u0301.html', 'caf\u00e9.html')
    const fault = await faultOf()
    expect(fault.code).toBe('DUPLICATE_KEY')
    expect(fault.message).toContain('"cafe\u0301.html" and "caf\u00e9.html"')
  })

  it('a key of more than 1,024 bytes, prefix included', async () => {
    const path = `${'d'.repeat(200)}/`.repeat(5)
    write(`${path}${'é'.repeat(8)}`)
    expect(await keysOf({ prefix: 'abc' })).toHaveLength(1)
    expect((await faultOf({ prefix: 'abcd' })).message).toContain('has 1025 bytes; S3 takes 1,024.')
  })

  it('a name that is not UTF-8, but not one that holds the replacement character', async () => {
    write('index.html', 'odd\ufffd.html')
    expect(await keysOf()).toEqual(['index.html', 'odd\ufffd.html'])
    writeFileSync(Buffer.concat([Buffer.from(`${site}/caf`), Buffer.from([0xe9])]), '')
    expect(await faultOf()).toMatchObject({
      code: 'FILE_NAME_NOT_UTF8',
      message: 'The name of "caf\ufffd" is not valid UTF-8.',
    })
  })

  it('everything at once: the error names all that must be put right', async () => {
    write('index.html', 'e\u0301', '\u00e9')
    link('gone', 'nowhere')
    link('out', '/etc/hostname')
    const fault = await faultOf()
    expect(fault.code).toBe('SOURCE_FAULTY')
    expect(fault.errorClass).toBe('refused')
    expect(fault.message.split('\n').toSorted()).toEqual([
      '- The symlink "gone" points to nothing.',
      '- The symlink "out" points out of the folder, to "/etc/hostname".',
      '- Two files would be stored under the same key "\u00e9": "e\u0301" and "\u00e9".',
      '3 things in the folder cannot be deployed:',
    ])
  })
})

describe('a symlink', () => {
  it('to a file or folder inside the folder is followed', async () => {
    write('2026/post/index.html')
    link('latest', '2026')
    link('index.html', '2026/post/index.html')
    expect(await keysOf()).toEqual(['2026/post/index.html', 'index.html', 'latest/post/index.html'])
  })

  it('may be the folder itself', async () => {
    write('index.html')
    symlinkSync(site, join(folder, 'public'))
    const snapshot = await scanSite(join(folder, 'public'), { prefix: '', filters: [], followSymlinks: false })
    expect(snapshot.files[0]?.filePath).toBe(join(folder, 'public', 'index.html'))
  })

  it('that leaves the folder is refused, unless links are followed on purpose', async () => {
    write('index.html')
    mkdirSync(join(folder, 'site-media'))
    writeFileSync(join(folder, 'site-media', 'a.png'), '')
    link('media', '../site-media')
    expect(await faultOf()).toMatchObject({ code: 'SYMLINK_LEAVES_SOURCE' })
    expect(await keysOf({ followSymlinks: true })).toEqual(['index.html', 'media/a.png'])
  })

  it('that is excluded may point anywhere', async () => {
    write('index.html')
    link('out', '..')
    link('gone', 'nowhere')
    link('passwd', '/etc/passwd')
    const filters = ['out', 'gone', 'pass*'].map((pattern) => ({ kind: 'exclude', pattern }) as const)
    expect((await scan({ filters })).skipped).toEqual([
      { path: 'gone', reason: 'excluded' },
      { path: 'out', reason: 'symlink-not-followed' },
      { path: 'passwd', reason: 'excluded' },
    ])
  })

  it('that leaves the folder stays refused when a later include could bring back what is behind it', async () => {
    write('index.html')
    link('out', '..')
    const filters = [
      { kind: 'exclude', pattern: '*' },
      { kind: 'include', pattern: '*.html' },
    ] as const
    expect(await faultOf({ filters })).toMatchObject({ code: 'SYMLINK_LEAVES_SOURCE' })
  })

  it('to a folder around it is a loop, straight or through another link', async () => {
    write('index.html')
    link('a/up', '..')
    expect(await faultOf()).toMatchObject({ code: 'SYMLINK_LOOP' })
    rmSync(join(site, 'a'), { recursive: true })
    link('a/to-b', '../b')
    link('b/to-a', '../a')
    link('self', 'self')
    const fault = await faultOf({ followSymlinks: true })
    expect(fault.code).toBe('SYMLINK_LOOP')
    expect(fault.message).toContain('"a/to-b/to-a"')
    expect(fault.message).toContain('"b/to-a/to-b"')
    expect(fault.message).toContain('"self"')
  })

  it('to a folder around the whole site is a loop too', async () => {
    write('index.html')
    link('up', '../..')
    expect(await faultOf({ followSymlinks: true })).toMatchObject({ code: 'SYMLINK_LOOP' })
  })

  it('does not make public under another name what is never deployed', async () => {
    write('index.html', '.freshfront/state')
    link('state.txt', '.freshfront/state')
    expect(await keysOf()).toEqual(['index.html'])
  })
})
