import type * as FileSystem from 'node:fs'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SiteSnapshot } from '../model.ts'
import { WANTS } from './read-batch.ts'
import { scanSite, type ScanOptions } from './scan.ts'
import { type FileStat, openStatCache, type StatCache, type StatCacheOptions } from './stat-cache.ts'

/** The files that were opened. */
const opened = vi.hoisted(() => ({ paths: [] as string[] }))
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof FileSystem>()
  const openSync: typeof fs.openSync = (path, flags, mode) => {
    opened.paths.push(String(path))
    return fs.openSync(path, flags, mode)
  }
  return { ...fs, openSync }
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stat-cache-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const NOW_MS = 1_800_000_000_000
const ns = (timeMs: number): bigint => BigInt(timeMs) * 1_000_000n
const stat: FileStat = { dev: 1n, ino: 2n, size: 3n, mtimeNs: ns(NOW_MS - 9000), ctimeNs: ns(NOW_MS - 8000) }
const file = {
  sizeBytes: 3,
  md5: '900150983cd24fb0d6963f7d28e17f72',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  etag: '"900150983cd24fb0d6963f7d28e17f72"',
  isText: false,
}

function open(options: Partial<StatCacheOptions> = {}): StatCache {
  return openStatCache({ folder, dir: '/site', ignore: [], files: 1, nowMs: NOW_MS, ...options })
}

/** A scan that finds one file and reads it. */
function rememberOne(stat: FileStat, wants = 0, options: Partial<StatCacheOptions> = {}): void {
  const cache = open(options)
  expect(cache.find(0, 'a', stat, wants)).toBeUndefined()
  cache.remember(0, file, wants)
  cache.save()
}

describe('the stat cache', () => {
  it('knows a file that is as it was', () => {
    rememberOne(stat)
    expect(open().find(0, 'a', stat, 0)).toEqual(file)
  })

  it.each(['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const)('does not know one with another %s', (field) => {
    rememberOne(stat)
    expect(open().find(0, 'a', { ...stat, [field]: stat[field] + 1n }, 0)).toBeUndefined()
  })

  it('does not know another file that has all the same, on a file system that gives inodes away again', () => {
    rememberOne(stat)
    expect(open().find(0, 'b', stat, 0)).toBeUndefined()
  })

  it.each(['mtimeNs', 'ctimeNs'] as const)(
    'keeps nothing of a file whose %s is not older than the scan by 2 seconds',
    (field) => {
      rememberOne({ ...stat, [field]: ns(NOW_MS - 2000) })
      expect(readdirSync(folder)).toEqual([])
      const older = { ...stat, [field]: ns(NOW_MS - 2000) - 1n }
      rememberOne(older)
      expect(open().find(0, 'a', older, 0)).toEqual(file)
    },
  )

  it('keeps nothing of a file that was read at another size', () => {
    const grown = { ...stat, size: 4n }
    rememberOne(grown)
    expect(open().find(0, 'a', grown, 0)).toBeUndefined()
  })

  it('does not know a file of which more is wanted than was found out', () => {
    rememberOne(stat, WANTS.sniffing)
    expect(open().find(0, 'a', stat, WANTS.sniffing)).toEqual(file)
    expect(open().find(0, 'a', stat, WANTS.sniffing + WANTS.secretSearch)).toBeUndefined()
  })

  it('belongs to one folder and to the patterns of ignore', () => {
    rememberOne(stat, 0, { ignore: ['x'] })
    expect(open({ ignore: ['x'] }).find(0, 'a', stat, 0)).toEqual(file)
    expect(open({ ignore: ['y'] }).find(0, 'a', stat, 0)).toBeUndefined()
    expect(open({ ignore: ['x'], dir: '/other' }).find(0, 'a', stat, 0)).toBeUndefined()
  })

  it('keeps stable digests, and ETags that are not the MD5', () => {
    const large = { ...file, etag: '"27cf6bd322d18339afdaf9ee01121180-2"', stableSha256: file.sha256, isText: true }
    const cache = open({ ignore: ['x'] })
    cache.find(0, 'a', stat, WANTS.stableDigest)
    cache.remember(0, large, WANTS.stableDigest)
    cache.save()
    expect(open({ ignore: ['x'] }).find(0, 'a', stat, WANTS.stableDigest)).toEqual(large)
  })

  it('finds files behind those that came and went', () => {
    const paths = ['a', 'b', 'c', 'd']
    const first = open({ files: 4 })
    for (const [index, path] of paths.entries()) {
      first.find(index, path, { ...stat, ino: BigInt(index) }, 0)
      first.remember(index, file, 0)
    }
    first.save()
    const second = open({ files: 4 })
    const inos = { a: 0n, aa: 9n, c: 2n, d: 3n }
    const known = Object.entries(inos).map(([path, ino], index) => second.find(index, path, { ...stat, ino }, 0))
    expect(known).toEqual([file, undefined, file, file])
    second.remember(1, file, 0)
    second.save()
    const third = open({ files: 4 })
    for (const [index, [path, ino]] of Object.entries(inos).entries()) {
      expect(third.find(index, path, { ...stat, ino }, 0)).toEqual(file)
    }
  })

  it('that is damaged anywhere is as good as none', () => {
    rememberOne(stat)
    const [name = ''] = readdirSync(folder).filter((each) => each.endsWith('.stat'))
    const whole = readFileSync(join(folder, name))
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole)
      damaged[at] = (damaged[at] ?? 0) ^ 0x10
      writeFileSync(join(folder, name), at % 2 === 0 ? damaged : whole.subarray(0, at))
      expect(open().find(0, 'a', stat, 0)).toBeUndefined()
    }
  })

  it('that cannot be written is left alone', () => {
    writeFileSync(join(folder, 'file'), '')
    rememberOne(stat, 0, { folder: join(folder, 'file') })
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it('tells git to leave it out', () => {
    rememberOne(stat)
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('*\n')
  })
})

describe('a scan with the stat cache', () => {
  const options: ScanOptions = { prefix: '', filters: [], followSymlinks: false, ignore: ['built .*'] }
  let site: string
  beforeEach(() => {
    site = join(folder, 'site')
    mkdirSync(site)
  })

  function scan(more: Partial<ScanOptions> = {}): Promise<SiteSnapshot> {
    return scanSite(site, { ...options, cacheFolder: join(folder, 'cache'), ...more })
  }

  /** An hour later, when nothing is too young to be remembered; afterwards the file system's clock goes on by a tick. */
  async function scanLater(): Promise<SiteSnapshot> {
    const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000)
    const snapshot = await scan()
    now.mockRestore()
    const touch = (): bigint => {
      writeFileSync(join(folder, 'clock'), '')
      return statSync(join(folder, 'clock'), { bigint: true }).ctimeNs
    }
    for (const tick = touch(); touch() === tick;);
    return snapshot
  }

  const write = (name: string, body: string): void => writeFileSync(join(site, name), body)
  const names = ['a.html', 'b.html', 'c.txt', 'data']
  const name = fc.constantFrom(...names)
  const body = fc.constantFrom('aaaa', 'bbbb', 'built 1', '\0bin', 'longer text')
  const edits: fc.Arbitrary<() => void> = fc.oneof(
    fc.tuple(name, body).map(
      ([file, text]) =>
        () =>
          write(file, text),
    ),
    // The modification time is set back to what it was.
    fc.tuple(name, body).map(([file, text]) => () => {
      const before = statSync(join(site, file))
      write(file, text)
      utimesSync(join(site, file), before.atime, before.mtime)
    }),
    fc.tuple(name, body).map(([file, text]) => () => {
      writeFileSync(join(folder, 'new'), text)
      renameSync(join(folder, 'new'), join(site, file))
    }),
    fc.tuple(name, name).map(([one, other]) => () => {
      if (one === other) return
      rmSync(join(site, one))
      linkSync(join(site, other), join(site, one))
    }),
    fc.tuple(name, name).map(([one, other]) => () => {
      if (one === other) return
      renameSync(join(site, one), join(folder, 'aside'))
      renameSync(join(site, other), join(site, one))
      renameSync(join(folder, 'aside'), join(site, other))
    }),
  )

  it('sees what one without it sees, whatever was edited and however', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(edits, { maxLength: 3 }), { minLength: 1, maxLength: 4 }), async (rounds) => {
        for (const name of names) write(name, 'aaaa')
        await scanLater()
        for (const round of rounds) {
          for (const edit of round) edit()
          const { files } = await scanLater()
          expect(files).toEqual((await scanSite(site, options)).files)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('reads no file that is as it was', async () => {
    for (const name of names) write(name, name)
    const before = await scanLater()
    opened.paths = []
    expect(await scan()).toEqual(before)
    expect(opened.paths.filter((path) => path.startsWith(site))).toEqual([])
    write('c.txt', 'C.TXT')
    await scan()
    expect(opened.paths.filter((path) => path.startsWith(site))).toEqual([join(site, 'c.txt')])
  })

  it('finds a secret in every scan', async () => {
    write('app.js', `ghp_${'R4tZ8kQw2LmX6vBn'}${'Y1sD9fGh3JpC5eUaT7oK'}`)
    await scanLater()
    expect((await scanLater()).secrets).toEqual([{ path: 'app.js', kind: 'GitHub token', line: 1 }])
  })

  it('leaves nothing in the folder that is deployed', async () => {
    write('a.html', 'a')
    await scan({ cacheFolder: join(site, '.freshfront', 'cache') })
    expect(readdirSync(site)).toEqual(['a.html'])
  })
})
