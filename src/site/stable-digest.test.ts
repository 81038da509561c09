import { describe, expect, it } from 'vitest'
import { digestWithoutIgnored, isUtf8Text } from './stable-digest.ts'

const html = { contentType: 'text/html; charset=utf-8' }
const patterns = ['<meta name="build"[^>]*>', '^built .*$']

function digest(body: string | Uint8Array, ignore: readonly string[] = patterns): string | undefined {
  return digestWithoutIgnored(ignore)?.(typeof body === 'string' ? new TextEncoder().encode(body) : body)
}

describe('digestWithoutIgnored', () => {
  it('is the same for texts that differ only in what is matched', () => {
    expect(digest('<meta name="build" content="2">\na\nbuilt at ten\nb')).toBe(
      digest('<meta name="build" content="1">\na\nbuilt yesterday\nb'),
    )
    expect(digest('a')).toMatch(/^[0-9a-f]{64}$/)
  })

  it('differs where anything else does, and under other patterns', () => {
    expect(digest('built a\nb')).not.toBe(digest('built a\nc'))
    expect(digest('a', ['x'])).not.toBe(digest('a', ['y']))
  })

  it('keeps . on its line', () => {
    expect(digest('built a\nb', ['built .*'])).not.toBe(digest('built a\nc', ['built .*']))
  })

  it('is not there without patterns, for what is no text, for compressed text and for bytes that are not UTF-8', () => {
    expect(digestWithoutIgnored([])).toBeUndefined()
    expect(isUtf8Text(html)).toBe(true)
    expect(isUtf8Text({ contentType: 'image/png' })).toBe(false)
    expect(isUtf8Text({ ...html, contentEncoding: 'gzip' })).toBe(false)
    expect(digest(new Uint8Array([0xe9]))).toBeUndefined()
  })

  it('sees a byte order mark that came or went', () => {
    expect(digest('\ufeffa')).not.toBe(digest('a'))
  })
})
