import { describe, expect, it } from 'vitest'
import { parseHeadersFile } from './headers-file.ts'

describe('parseHeadersFile', () => {
  it('reads patterns, their headers, and what is taken away again', () => {
    const text = `# everything
/*
  Cache-Control: max-age=0
  Link: </a.css>; rel=preload
  link: </b.js>; rel=preload

/assets/*
\t! Cache-Control
\tCache-Control : public, max-age=31536000
`
    expect(parseHeadersFile(text)).toEqual({
      rules: [
        {
          pattern: '/*',
          line: 2,
          set: { 'Cache-Control': 'max-age=0', Link: '</a.css>; rel=preload, </b.js>; rel=preload' },
          detach: [],
        },
        {
          pattern: '/assets/*',
          line: 7,
          set: { 'Cache-Control': 'public, max-age=31536000' },
          detach: ['Cache-Control'],
        },
      ],
      faults: [],
    })
  })

  it('reads files of Windows, with a byte order mark', () => {
    expect(parseHeadersFile('\uFEFF/a\r\n  X-A: 1\r\n').rules).toEqual([
      { pattern: '/a', line: 1, set: { 'X-A': '1' }, detach: [] },
    ])
  })

  it.each([
    ['  X-A: 1', 1, 'There is no pattern above this header; begin with a path such as /*, not indented.'],
    ['/*\nX-A: 1', 2, 'A header is indented below the pattern that it belongs to.'],
    ['assets', 1, 'A pattern begins with /.'],
    ['https://a.pages.dev/*', 1, 'Patterns are paths here; leave out the host.'],
    ['/a b', 1, 'A pattern has no spaces; write %20.'],
    ['/*\n  nosniff', 2, 'Write a header as Name: value.'],
    ['/*\n  X A: 1', 2, '"X A" is not the name of a header.'],
    ['/*\n  X-A:', 2, 'X-A has no value.'],
    ['/*\n  X-A: é', 2, 'The value of X-A is not printable ASCII.'],
    ['/*\n  Set-Cookie: a=1', 2, 'Set-Cookie is written by S3 or CloudFront itself and cannot be set.'],
    ['/*\n  x-amz-acl: private', 2, 'x-amz-acl is written by S3 or CloudFront itself and cannot be set.'],
    [
      '/*\n  Basic-Auth: me:secret',
      2,
      'Basic-Auth is a word of Netlify: S3 and CloudFront serve the site to everybody.',
    ],
    ['/*\n  Expires: soon', 2, 'Expires takes a date such as Wed, 21 Oct 2026 07:28:00 GMT.'],
    ['/*\n  Content-Type: html', 2, 'Content-Type takes a type such as text/html; charset=utf-8.'],
    ['/*\n  ! X-A X-B', 2, 'Write ! and the name of one header: ! Cache-Control.'],
  ])('says what is wrong with %j', (text, line, what) => {
    expect(parseHeadersFile(text).faults).toEqual([{ line, what }])
  })
})
