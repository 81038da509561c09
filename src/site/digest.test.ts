import type * as FileSystem from 'node:fs'
import { appendFileSync, mkdtempSync, rmSync, type Stats, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { digestFile, digestUnchanged, makePieceBuffer } from './digest.ts'

/** Happens between the moment a file's size is read and the moment its bytes are. */
const meanwhile = vi.hoisted(() => ({ happens: (): void => undefined }))
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof FileSystem>()
  const fstatSync = (file: number): Stats => {
    const stats = fs.fstatSync(file)
    meanwhile.happens()
    return stats
  }
  return { ...fs, fstatSync }
})

const MIB = 1024 * 1024
const folder = mkdtempSync(join(tmpdir(), 'digest-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, body: string | Buffer): string {
  const filePath = join(folder, name)
  writeFileSync(filePath, body)
  return filePath
}

describe('digestFile', () => {
  // Expected values from md5sum and sha256sum.
  it.each([
    [
      'an empty file',
      '',
      0,
      'd41d8cd98f00b204e9800998ecf8427e',
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ],
    [
      'a small file',
      'abc',
      3,
      '900150983cd24fb0d6963f7d28e17f72',
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    ],
  ])('knows %s', async (name, body, sizeBytes, md5, sha256) => {
    expect(await digestFile(fileOf(name, body), makePieceBuffer())).toEqual({
      sizeBytes,
      md5,
      sha256,
      etag: `"${md5}"`,
    })
  })

  it('hands bodies of up to 4 MiB over whole, to be digested in another way too', async () => {
    const lengthOf = (body: Uint8Array): string => String(body.length)
    const [one, four, more] = [Buffer.alloc(3), Buffer.alloc(4 * MIB, 'a'), Buffer.alloc(4 * MIB + 1)].map((body, at) =>
      digestFile(fileOf(`stable-${at}`, body), makePieceBuffer(), { digestStable: lengthOf }),
    )
    expect(await one).toMatchObject({ stableSha256: '3' })
    expect(await four).toMatchObject({ stableSha256: '4194304' })
    expect(await more).not.toHaveProperty('stableSha256')
  })

  it('reads a file of several pieces as one body', async () => {
    const filePath = fileOf('pieces', Buffer.alloc(2 * MIB + 1, 'a'))
    expect(await digestFile(filePath, makePieceBuffer())).toEqual({
      sizeBytes: 2_097_153,
      md5: 'f0a5d0aa0b425bf89a75a696a7c80347',
      sha256: '16a429a1e5162fcf59e3079724763e9afafcef1e2c7f862571e9267b3d959113',
      etag: '"f0a5d0aa0b425bf89a75a696a7c80347"',
    })
  })

  it('gives a file of 8 MiB and more the ETag of its parts', async () => {
    const oneParts = await digestFile(fileOf('one-part', Buffer.alloc(8 * MIB)), makePieceBuffer())
    expect(oneParts.md5).toBe('96995b58d4cbf6aaa9041b4f00c7f6ae')
    expect(oneParts.etag).toBe('"9ed977000dc166f25a9b9ef26fb3c3fc-1"')
    const twoParts = await digestFile(fileOf('two-parts', Buffer.alloc(9 * MIB + 5, 'a')), makePieceBuffer())
    expect(twoParts.etag).toBe('"27cf6bd322d18339afdaf9ee01121180-2"')
  })

  it('takes the MD5 and the ETag of a large file as known, while size and SHA-256 are', async () => {
    const sizeBytes = 3 * MIB
    const filePath = fileOf('known', Buffer.alloc(sizeBytes, 'a'))
    const truth = await digestFile(filePath, makePieceBuffer())
    const known = { ...truth, md5: 'remembered', etag: '"remembered"' }
    expect(await digestFile(filePath, makePieceBuffer(), { known })).toEqual(known)
    const others = [{ sizeBytes: sizeBytes + 1 }, { sha256: '0'.repeat(64) }]
    for (const other of others) {
      expect(await digestFile(filePath, makePieceBuffer(), { known: { ...known, ...other } })).toEqual(truth)
    }
  })

  it('shows every byte once, and says which are the last', async () => {
    const filePath = fileOf('shown', Buffer.alloc(2 * MIB + 5))
    const shown: [number, boolean][] = []
    const known = { sizeBytes: 2 * MIB + 5, sha256: '0'.repeat(64), md5: '', etag: '' }
    const look = (bytes: Buffer, isLast: boolean): number => shown.push([bytes.length, isLast])
    await digestFile(filePath, makePieceBuffer(), { known, look })
    expect(shown).toEqual([
      [MIB, false],
      [MIB, false],
      [5, true],
    ])
  })

  it('may use the same memory for one file after the other', async () => {
    const piece = makePieceBuffer()
    await digestFile(fileOf('long', 'a'.repeat(5000)), piece)
    expect((await digestFile(fileOf('short', 'abc'), piece)).md5).toBe('900150983cd24fb0d6963f7d28e17f72')
  })

  it.each([
    ['a small file grows', 3, (filePath: string) => appendFileSync(filePath, 'x')],
    ['a small file shrinks', 3, (filePath: string) => truncateSync(filePath, 2)],
    ['a large file grows', 3 * MIB, (filePath: string) => appendFileSync(filePath, 'x')],
    ['a large file shrinks', 3 * MIB, (filePath: string) => truncateSync(filePath, 2 * MIB)],
  ])('notices that %s while it is read', async (name, sizeBytes, change) => {
    const filePath = fileOf(name, Buffer.alloc(sizeBytes))
    meanwhile.happens = () => change(filePath)
    await expect(digestFile(filePath, makePieceBuffer())).rejects.toMatchObject({ code: 'FILE_CHANGED' })
    meanwhile.happens = () => undefined
  })

  it('stops between two pieces when it is aborted', async () => {
    const stopped = AbortSignal.abort(new Error('stopped by the user'))
    await expect(
      digestFile(fileOf('large', Buffer.alloc(3 * MIB)), makePieceBuffer(), { signal: stopped }),
    ).rejects.toThrow('stopped by the user')
  })
})

describe('digestUnchanged', () => {
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  const known = { sizeBytes: 3, sha256, md5: 'remembered', etag: '"remembered"' }
  const digest = (body: string, other: Partial<typeof known> = {}): [unknown, string[]] => {
    const shown: string[] = []
    const look = (bytes: Buffer, isLast: boolean): number => shown.push(`${bytes.toString()} ${isLast}`)
    const options = { known: { ...known, ...other }, look }
    return [digestUnchanged(fileOf('unchanged', body), makePieceBuffer(), options), shown]
  }

  it('says of a small file what is remembered of it, and shows its bytes, while it still is these', () => {
    expect(digest('abc')).toEqual([known, ['abc true']])
  })

  it.each([
    ['of equal size', 'abd', {}],
    ['with more at its end', 'abcd', {}],
    ['that is shorter', 'ab', {}],
    ['of which another size is remembered', 'abc', { sizeBytes: 4 }],
    ['that is large', 'abc', { sizeBytes: 2 * MIB }],
  ])('leaves a file %s to be digested, and shows nothing', (_, body, other) => {
    expect(digest(body, other)).toEqual([undefined, []])
  })
})
