import { describe, expect, it } from 'vitest'
import { CHECKSUM_ALGORITHMS, createHasher, readChecksum } from './checksums.ts'

describe('createHasher', () => {
  // The check values of the CRC catalogue (reveng.sourceforge.io/crc-catalogue) and of FIPS 180-4 digests for "123456789".
  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
    ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ] as const)('computes %s of "123456789"', (algorithm, expected) => {
    const hasher = createHasher(algorithm)
    hasher.update(Buffer.from('123456789'))
    expect(hasher.digest().toString('hex')).toBe(expected)
  })

  it.each(CHECKSUM_ALGORITHMS)('gives the same %s however the body is cut', (algorithm) => {
    const whole = createHasher(algorithm)
    const pieces = createHasher(algorithm)
    whole.update(Buffer.from('\u00fe\u00ff hello'))
    for (const byte of Buffer.from('\u00fe\u00ff hello')) pieces.update(Uint8Array.of(byte))
    expect(pieces.digest()).toEqual(whole.digest())
  })
})

describe('readChecksum', () => {
  it('refuses two checksums at once', () => {
    expect(() => readChecksum((name) => (/crc32$|sha1$/.test(name) ? 'AAAAAA==' : undefined))).toThrow(
      /single x-amz-checksum-/,
    )
  })

  it('refuses a value that is no digest of that algorithm', () => {
    expect(() => readChecksum((name) => (name === 'x-amz-checksum-sha256' ? 'AAAAAA==' : undefined))).toThrow(
      /is invalid/,
    )
  })
})
