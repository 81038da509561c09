import { describe, expect, it } from 'vitest'
import { sniffText } from './sniff-text.ts'

function isText(...pieces: readonly Uint8Array[]): boolean {
  const sniffed = sniffText()
  for (const piece of pieces) sniffed.look(piece)
  return sniffed.isText()
}

describe('sniffText', () => {
  it.each([
    ['words', Buffer.from('Grüße\r\n\tan alle'), true],
    ['colours for a terminal', Buffer.from('\u001b[1mbold'), true],
    ['nothing', Buffer.alloc(0), false],
    ['zeros', Buffer.from('a\0b'), false],
    ['Latin-1', Buffer.from('Grüße', 'latin1'), false],
    ['a PNG', Buffer.from('89504e470d0a1a0a', 'hex'), false],
    ['UTF-16', Buffer.from('text', 'utf16le'), false],
    ['a character that is cut off', Buffer.from('é').subarray(0, 1), false],
  ])('%s', (_, bytes, expected) => {
    expect(isText(bytes)).toBe(expected)
  })

  it('judges a large file by its beginning, also where that ends within a character', () => {
    expect(isText(Buffer.concat([Buffer.from('a'), Buffer.from('é'.repeat(40_000))]), Buffer.from('\0'))).toBe(true)
  })
})
