import { describe, expect, it } from 'vitest'
import { formatCount, formatDuration, formatSize } from './amounts.ts'

describe('formatSize', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [5120, '5.1 kB'],
    [9949, '9.9 kB'],
    [9950, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [8_388_608, '8.4 MB'],
    [340_000_000, '340 MB'],
    [5_000_000_000_000, '5.0 TB'],
    [48_800_000_000_000_000, '48800 TB'],
  ])('%d bytes are %s', (sizeBytes, expected) => {
    expect(formatSize(sizeBytes)).toBe(expected)
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0.0 s'],
    [0.42, '0.4 s'],
    [6.2, '6.2 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [3600, '1 h'],
    [7499, '2 h 5 min'],
  ])('%d s are %s', (seconds, expected) => {
    expect(formatDuration(seconds)).toBe(expected)
  })
})

describe('formatCount', () => {
  it.each([
    [0, '0 files'],
    [1, '1 file'],
    [412, '412 files'],
    [1_234_567, '1,234,567 files'],
  ])('%d', (count, expected) => {
    expect(formatCount(count, 'file')).toBe(expected)
  })

  it('takes a plural that is not regular', () => {
    expect(formatCount(2, 'copy', 'copies')).toBe('2 copies')
  })
})
