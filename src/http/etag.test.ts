import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  etagsMatchWeakly,
  isMd5Etag,
  isMultipartSize,
  MAX_PARTS,
  MAX_PART_SIZE_BYTES,
  md5ToEtag,
  partRanges,
  partSizeBytes,
  partsToEtag,
} from './etag.ts'

const MIB = 1024 * 1024
const GIB = 1024 * MIB

describe('etagsMatchWeakly', () => {
  // The table of RFC 9110, section 8.8.3.2.
  it.each([
    ['W/"1"', 'W/"1"', true],
    ['W/"1"', 'W/"2"', false],
    ['W/"1"', '"1"', true],
    ['"1"', '"1"', true],
    ['"1"', '"W/1"', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(etagsMatchWeakly(one, other)).toBe(expected)
    expect(etagsMatchWeakly(other, one)).toBe(expected)
  })
})

describe('isMd5Etag', () => {
  it.each([
    ['"d41d8cd98f00b204e9800998ecf8427e"', true],
    ['W/"d41d8cd98f00b204e9800998ecf8427e"', true],
    ['"d41d8cd98f00b204e9800998ecf8427e-2"', false],
    ['d41d8cd98f00b204e9800998ecf8427e', false],
    ['"D41D8CD98F00B204E9800998ECF8427E"', false],
    ['""', false],
  ])('%s: %s', (etag, expected) => {
    expect(isMd5Etag(etag)).toBe(expected)
  })

  it('tells a plain upload from one in parts', () => {
    expect(isMd5Etag(md5ToEtag('0cc175b9c0f1b6a831c399e269772661'))).toBe(true)
    expect(isMd5Etag(partsToEtag('0cc175b9c0f1b6a831c399e269772661', 1))).toBe(false)
  })
})

describe('partSizeBytes', () => {
  it.each([
    ['nothing', 0, 8 * MIB],
    ['the most that 10,000 parts of 8 MiB hold', 80_000 * MIB, 8 * MIB],
    ['one byte more', 80_000 * MIB + 1, 16 * MIB],
    ['200 GiB', 200 * GIB, 32 * MIB],
    ['the largest object of S3', 10_000 * 5 * GIB, 5 * GIB],
  ])('for %s', (_, sizeBytes, expected) => {
    expect(partSizeBytes(sizeBytes)).toBe(expected)
  })
})

describe('partRanges', () => {
  it('begins parts at 8 MiB, as the AWS CLI does: a body of exactly that size is one part of a multipart upload', () => {
    expect(isMultipartSize(8 * MIB - 1)).toBe(false)
    expect(isMultipartSize(8 * MIB)).toBe(true)
    expect(partRanges(8 * MIB)).toEqual([{ partNumber: 1, startByte: 0, endByte: 8_388_608 }])
  })

  it('gives the last part what is left', () => {
    expect(partRanges(20 * MIB)).toEqual([
      { partNumber: 1, startByte: 0, endByte: 8_388_608 },
      { partNumber: 2, startByte: 8_388_608, endByte: 16_777_216 },
      { partNumber: 3, startByte: 16_777_216, endByte: 20_971_520 },
    ])
  })

  it('gives an empty body one empty part', () => {
    expect(partRanges(0)).toEqual([{ partNumber: 1, startByte: 0, endByte: 0 }])
  })

  it('covers every byte once, in at most 10,000 parts of whole MiB that S3 takes', () => {
    const sizes = fc.oneof(
      fc.integer({ min: 1, max: 100 * MIB }),
      fc.maxSafeNat().map((n) => 1 + (n % (48_000 * GIB))),
    )
    fc.assert(
      fc.property(sizes, (sizeBytes) => {
        const ranges = partRanges(sizeBytes)
        const partBytes = partSizeBytes(sizeBytes)
        expect(ranges.length).toBeLessThanOrEqual(MAX_PARTS)
        expect(partBytes % MIB).toBe(0)
        expect(partBytes).toBeLessThanOrEqual(MAX_PART_SIZE_BYTES)
        let next = 0
        const faults = ranges.filter(({ partNumber, startByte, endByte }, index) => {
          const isLast = index === ranges.length - 1
          const sound =
            partNumber === index + 1 &&
            startByte === next &&
            (isLast ? endByte > startByte && endByte - startByte <= partBytes : endByte - startByte === partBytes)
          next = endByte
          return !sound
        })
        expect(faults).toEqual([])
        expect(next).toBe(sizeBytes)
      }),
    )
  })
})
