// One set of facts about the Bucket port, run on the fake, on the embedded cloud and on a real Ceph RADOS Gateway.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LiveObject, ObjectMetadata, SiteFile } from '../src/model.ts'
import type { Bucket, KeyRange } from '../src/ports.ts'
import { digestFile, makePieceBuffer } from '../src/site/digest.ts'

/** @param connect gives a bucket in which nobody else writes below `prefix` */
export function describeBucketContract(
  title: string,
  connect: () => Promise<Bucket>,
  options: { readonly conditionalDeletes: boolean; readonly conditionalCopies: boolean } = {
    conditionalDeletes: true,
    conditionalCopies: true,
  },
): void {
  describe(`Bucket over ${title}`, () => {
    const prefix = `contract-${process.pid}-${Date.now()}/`
    let bucket: Bucket
    let dir: string
    beforeAll(async () => {
      bucket = await connect()
      dir = await mkdtemp(join(tmpdir(), 'freshfront-contract-'))
    })
    afterAll(async () => {
      await bucket.deleteObjects((await list(bucket, prefix)).map(({ key }) => key))
      await rm(dir, { recursive: true, force: true })
    })

    async function fileOf(
      name: string,
      body: Uint8Array | string,
      metadata: ObjectMetadata = { contentType: 'text/plain' },
    ): Promise<SiteFile> {
      const filePath = join(dir, `${Math.random()}`)
      await writeFile(filePath, body)
      return { key: prefix + name, filePath, metadata, ...(await digestFile(filePath, makePieceBuffer())) }
    }

    it('lists what was put, with the ETag that putting it answered', async () => {
      const file = await fileOf('a.txt', 'hello')
      const etag = await bucket.putFile(file, {})
      expect(etag).toBe('"5d41402abc4b2a76b9719d911017c592"')
      const [object] = await list(bucket, file.key)
      expect(object).toMatchObject({ key: file.key, etag, sizeBytes: 5 })
    })

    it('stores and gives back every header and all user metadata', async () => {
      const metadata: ObjectMetadata = {
        contentType: 'text/html; charset=utf-8',
        cacheControl: 'public, max-age=60, s-maxage=31536000',
        contentDisposition: 'inline',
        contentEncoding: 'identity',
        contentLanguage: 'de',
        expires: 'Thu, 01 Jan 2037 00:00:00 GMT',
        user: { 'cache-tag': 'ff-1,ff-2' },
      }
      const file = await fileOf('headers.html', '<p>', metadata)
      await bucket.putFile(file, {})
      expect((await bucket.headObject(file.key))?.metadata).toEqual(metadata)
    })

    it('puts a file of 20 MiB in parts, under the ETag predicted from the disk', async () => {
      const file = await fileOf('large.bin', Buffer.alloc(20 * 1024 * 1024, 'freshfront'))
      expect(file.etag).toMatch(/-3"$/)
      expect(await bucket.putFile(file, {})).toBe(file.etag)
      expect((await bucket.headObject(file.key))?.sizeBytes).toBe(file.sizeBytes)
    })

    it('gives an object other headers without its bytes being sent, unless it is another object by now', async () => {
      const names = ['name with spaces & café+~#?.html', 'parts.bin']
      const bodies = ['<p>', Buffer.alloc(9 * 1024 * 1024, 'freshfront')]
      for (const [index, name] of names.entries()) {
        const file = await fileOf(name, bodies[index] ?? '')
        const etag = await bucket.putFile(file, {})
        const metadata: ObjectMetadata = {
          contentType: 'text/html',
          cacheControl: 'no-store',
          user: { 'cache-tag': 'o1,t2' },
        }
        const copied = await bucket.copyObject({ ...file, metadata }, { key: file.key, etag }, {})
        const head = await bucket.headObject(file.key)
        expect(head).toMatchObject({ metadata, etag: copied, sizeBytes: file.sizeBytes })
        if (!options.conditionalCopies) continue
        const other = bucket.copyObject(file, { key: file.key, etag: '"00000000000000000000000000000000"' }, {})
        await expect(other).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
        expect((await bucket.headObject(file.key))?.metadata).toEqual(metadata)
      }
    })

    it('copies the bytes of another key, however that is spelled, with headers of their own', async () => {
      const names = [
        'a b',
        'a+b',
        'a%20b',
        'a?b=c',
        "(it's)!*",
        'caf\u00e9 \u{1F600}',
        'a/./b//c',
        'a&b#c',
        'parts.bin',
      ]
      for (const name of names) {
        const body = name === 'parts.bin' ? Buffer.alloc(9 * 1024 * 1024, 'freshfront') : name
        const source = await fileOf(`source/${name}`, body, { contentType: 'text/html', user: { 'cache-tag': 'o1' } })
        const etag = await bucket.putFile(source, {})
        const file = await fileOf(`copy/${name}`, body, { contentType: 'text/plain', cacheControl: 'no-store' })
        const copied = await bucket.copyObject(file, { key: source.key, etag }, {})
        expect([etag, `"${file.md5}"`]).toContain(copied)
        const { key, sizeBytes, metadata } = file
        expect(await bucket.headObject(key)).toMatchObject({ key, etag: copied, sizeBytes, metadata })
        const stored = await bucket.getDocument(key)
        expect(Buffer.compare(stored?.body ?? Buffer.alloc(0), Buffer.from(body))).toBe(0)
      }
    })

    it('copies nothing from a key where there is nothing', async () => {
      const file = await fileOf('copy-of-nothing.txt', 'hello')
      const copy = bucket.copyObject(file, { key: `${prefix}nothing.txt`, etag: file.etag }, {})
      await expect(copy).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
      expect(await bucket.headObject(file.key)).toBeUndefined()
    })

    it('puts an empty file', async () => {
      const file = await fileOf('empty.txt', '')
      expect(await bucket.putFile(file, {})).toBe('"d41d8cd98f00b204e9800998ecf8427e"')
    })

    it.each(['small', 'large'])(
      'refuses a %s file that changed since it was scanned, and leaves nothing behind',
      async (size) => {
        const sizeBytes = size === 'small' ? 5 : 9 * 1024 * 1024
        const file = await fileOf(`changed-${size}.txt`, Buffer.alloc(sizeBytes, 'a'))
        await writeFile(file.filePath, Buffer.alloc(sizeBytes, 'b'))
        await expect(bucket.putFile(file, {})).rejects.toMatchObject({ code: 'FILE_CHANGED' })
        expect(await bucket.headObject(file.key)).toBeUndefined()
      },
    )

    it('lists keys of any spelling in UTF-8 byte order', async () => {
      const names = [
        'a b+c.txt',
        'a%20b.txt',
        'a&b<c>.txt',
        'café.txt',
        'ff\uFF5E.txt',
        'ff\u{1F600}.txt',
        "it's~here.txt",
      ]
      for (const name of names) await bucket.putDocument(`${prefix}names/${name}`, Buffer.from(name), 'text/plain')
      const keys = (await list(bucket, `${prefix}names/`)).map(({ key }) => key.slice(`${prefix}names/`.length))
      expect(keys).toEqual(names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
    })

    it('lists more keys than fit on a page, each once', async () => {
      const keys = Array.from({ length: 1005 }, (_, index) => `${prefix}many/${String(index).padStart(4, '0')}`)
      for (let start = 0; start < keys.length; start += 67) {
        await Promise.all(
          keys.slice(start, start + 67).map((key) => bucket.putDocument(key, Buffer.from('x'), 'text/plain')),
        )
      }
      expect((await list(bucket, `${prefix}many/`)).map(({ key }) => key)).toEqual(keys)
      // Parts of it: a page that is full to the end of the range is the last one.
      const pages: number[] = []
      const range = { after: `${prefix}many/0003`, until: `${prefix}many/1003` }
      for await (const page of bucket.listObjects(`${prefix}many/`, range)) pages.push(page.length)
      expect(pages).toEqual([1000])
      const rest = await list(bucket, `${prefix}many/`, { after: `${prefix}many/1003` })
      expect(rest.map(({ key }) => key)).toEqual(keys.slice(1004))
      // Before each thousand that is deleted: where the answer is no, the rest stays.
      let asked = 0
      const confirm = async (): Promise<void> => {
        if (++asked === 2) throw new Error('no longer')
      }
      await expect(bucket.deleteObjects(keys, { confirm })).rejects.toThrow('no longer')
      expect((await list(bucket, `${prefix}many/`)).map(({ key }) => key)).toEqual(keys.slice(1000))
      expect(await bucket.deleteObjects(keys)).toEqual([])
      expect(await list(bucket, `${prefix}many/`)).toEqual([])
    })

    it('lists a part of the keys, between keys of any spelling, there or not', async () => {
      const names = ['a b+c', 'a&b', 'a/b', 'café', 'ff\uFF5E', 'ff\u{1F600}']
      for (const name of names) await bucket.putDocument(`${prefix}part/${name}`, Buffer.from(name), 'text/plain')
      const part = async (after?: string, until?: string): Promise<string[]> => {
        const range = {
          ...(after !== undefined && { after: `${prefix}part/${after}` }),
          ...(until !== undefined && { until: `${prefix}part/${until}` }),
        }
        const objects = await list(bucket, `${prefix}part/`, range)
        return objects.map(({ key }) => key.slice(`${prefix}part/`.length))
      }
      expect(await part('a b+c', 'café')).toEqual(['a&b', 'a/b', 'café'])
      expect(await part(undefined, 'a0')).toEqual(['a b+c', 'a&b', 'a/b'])
      expect(await part('ff\uFF5E')).toEqual(['ff\u{1F600}'])
      expect(await part('ff\u{1F600}')).toEqual([])
      expect(await part('b', 'c')).toEqual([])
    })

    it('reads a document again only if it is another one by now', async () => {
      const key = `${prefix}again.json`
      const put = (body: string): Promise<string> => bucket.putDocument(key, Buffer.from(body), 'application/json')
      const first = await put('1')
      expect(await bucket.getDocumentUnless(key, first)).toBe('not modified')
      const second = await put('2')
      const other = await bucket.getDocumentUnless(key, first)
      expect(other).toMatchObject({ etag: second, body: expect.anything() as unknown })
      expect(await bucket.getDocumentUnless(`${prefix}missing.json`, first)).toBeUndefined()
    })

    it('reads back a document, and undefined for one that is not there', async () => {
      await bucket.putDocument(`${prefix}doc.json`, Buffer.from('{}'), 'application/json')
      expect(Buffer.from((await bucket.getDocument(`${prefix}doc.json`))?.body ?? []).toString()).toBe('{}')
      expect(await bucket.getDocument(`${prefix}missing.json`)).toBeUndefined()
      expect(await bucket.headObject(`${prefix}missing.json`)).toBeUndefined()
    })

    it('creates a document only where there is none', async () => {
      const key = `${prefix}once.json`
      const etag = await bucket.putDocument(key, Buffer.from('1'), 'application/json', { ifNoneMatch: true })
      const again = bucket.putDocument(key, Buffer.from('2'), 'application/json', { ifNoneMatch: true })
      await expect(again).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
      const stored = await bucket.getDocument(key)
      expect([stored?.etag, Buffer.from(stored?.body ?? []).toString()]).toEqual([etag, '1'])
    })

    it('of two that create the same document at once, one does', async () => {
      const create = (body: string): Promise<string> =>
        bucket.putDocument(`${prefix}race.json`, Buffer.from(body), 'application/json', { ifNoneMatch: true })
      const both = await Promise.allSettled([create('a'), create('b')])
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    })

    it('replaces a document only if it is the one that was read', async () => {
      const key = `${prefix}replaced.json`
      const put = (body: string, ifMatch?: string): Promise<string> =>
        bucket.putDocument(key, Buffer.from(body), 'application/json', ifMatch === undefined ? undefined : { ifMatch })
      await expect(put('0', '"5d41402abc4b2a76b9719d911017c592"')).rejects.toMatchObject({
        code: 'PRECONDITION_FAILED',
      })
      const first = await put('1')
      const second = await put('2', first)
      expect((await bucket.getDocument(key))?.etag).toBe(second)
      await expect(put('3', first)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
      expect((await bucket.getDocument(key))?.etag).toBe(second)
    })

    it(`deletes a document ${options.conditionalDeletes ? 'only if' : 'whether or not'} it is the one that was read`, async () => {
      const put = (key: string, body: string): Promise<string> =>
        bucket.putDocument(`${prefix}${key}`, Buffer.from(body), 'application/json')
      const remove = (key: string, ifMatch: string): Promise<string> =>
        bucket.deleteDocument(`${prefix}${key}`, { ifMatch }).then(
          () => 'deleted',
          (error: { readonly code: string }) => error.code,
        )
      const first = await put('deleted.json', '1')
      const second = await put('deleted.json', '2')
      const late = await remove('deleted.json', first)
      const left = (await bucket.getDocument(`${prefix}deleted.json`))?.etag
      expect([late, left]).toEqual(
        options.conditionalDeletes ? ['PRECONDITION_FAILED', second] : ['deleted', undefined],
      )
      expect(await remove('other.json', await put('other.json', '1'))).toBe('deleted')
    })

    it('counts a key that is not there as deleted', async () => {
      expect(await bucket.deleteObjects([`${prefix}never-1`])).toEqual([])
      expect(await bucket.deleteObjects([`${prefix}never-1`, `${prefix}never-2`])).toEqual([])
    })
  })
}

async function list(bucket: Bucket, prefix: string, range?: KeyRange): Promise<LiveObject[]> {
  const objects: LiveObject[] = []
  for await (const page of bucket.listObjects(prefix, range)) objects.push(...page)
  return objects
}
