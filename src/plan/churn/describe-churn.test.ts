import { describe, expect, it } from 'vitest'
import { describeChurn } from './describe-churn.ts'

/** Pages that have their own text, and the same edit. */
function churnOf(before: string, after: string, count = 4): ReturnType<typeof describeChurn> {
  const page = (number: number, edit: string): string =>
    `<html>\n<head>\n<title>Page ${number}</title>\n${edit}\n</head>\n<body class="post">\n<p>Text ${number}.</p>\n</body>\n</html>\n`
  return describeChurn(
    Array.from({ length: count }, (_, number) => ({
      key: `${number}.html`,
      before: page(number, before),
      after: page(number, after),
    })),
  )
}

describe('describeChurn', () => {
  it.each([
    [
      '<meta name="build" content="3f2a91c0">',
      '<meta name="build" content="77b1c0de">',
      '<meta name="build" …>',
      '<meta name="build"[^>]*>',
    ],
    [
      '<meta name=build content=1>',
      '<meta name=build content=2>',
      '<meta name="build" …>',
      '<meta name=build(?=[\\s>])[^>]*>',
    ],
    [
      '<meta content="2026-11-22T08:34:00Z" property="og:updated_time">',
      '<meta content="2026-11-23T09:00:01Z" property="og:updated_time">',
      '<meta property="og:updated_time" …>',
      '<meta[^>]* property="og:updated_time"[^>]*>',
    ],
    [
      '<script src="/app.js" nonce="aaa111"></script>',
      '<script src="/app.js" nonce="bbb222"></script>',
      '<script nonce="…">',
      ' nonce="[^"]*"',
    ],
    [
      '<!-- built 2026-11-22 08:34 -->',
      '<!-- built 2026-11-23 09:00 -->',
      '<!-- built … -->',
      '<!-- built [^<\\n]*? -->',
    ],
    ['<!--v3f2a91-->', '<!--v77b1c0-->', '<!--…-->', undefined],
    [
      '<footer id="f">Built Sun, 22 Nov 2026 08:34 UTC</footer>',
      '<footer id="f">Built Mon, 23 Nov 2026 09:00 UTC</footer>',
      '<footer id="f">Built …</footer>',
      '<footer id="f">Built [^<\\n]*?</footer>',
    ],
    ['<p>Version 1.2.3</p>', '<p>Version 1.2.4</p>', '<p>Version …</p>', '<p>Version [\\p{L}\\p{N}_:.+-]+</p>'],
    ['<p>12</p>', '<p>13</p>', '<p>…</p>', undefined],
    [
      '<time class="built" datetime="2026-11-22">22 Nov</time>',
      '<time class="built" datetime="2026-11-23">23 Nov</time>',
      '<time class="built" …>…</time>',
      '<time class="built"[^>]*>[^<\\n]*?</time>',
    ],
    [
      '<script>window.BUILD="3f2a91c0";run()</script>',
      '<script>window.BUILD="77b1c0de";run()</script>',
      '<script>window.BUILD="…"',
      '<script>window\\.BUILD="[\\p{L}\\p{N}_:.+-]+"',
    ],
  ])('takes %s → %s for %s', (before, after, shape, pattern) => {
    const churn = churnOf(before, after)
    expect(churn.shapes.map((one) => one.shape)).toEqual([shape])
    expect(churn.ignore).toEqual(pattern === undefined ? undefined : [pattern])
  })

  it.each([
    ['a style sheet', '<link rel="stylesheet" href="/a.3f2a.css">', '<link rel="stylesheet" href="/a.77b1.css">'],
    ['an image in a meta tag', '<meta name="i" content="/a.3f2a.png">', '<meta name="i" content="/a.77b1.png">'],
    ['a file in a script', '<script>load("/a.3f2a.js")</script>', '<script>load("/a.77b1.js")</script>'],
    ['prose', '<p class="by">Written by Ada</p>', '<p class="by">Written by Bob</p>'],
    ['prose in a meta tag', '<meta name="author" content="Ada">', '<meta name="author" content="Bob">'],
    ['a link that is new', '<ul></ul>', '<ul><li><a href="/2026/">2026</a></li></ul>'],
  ])('offers no pattern for %s', (_, before, after) => {
    const churn = churnOf(before, after)
    expect([churn.explained, churn.shapes.length, churn.ignore]).toEqual([4, 1, undefined])
  })

  it('names several kinds of edits where one does not explain most pages', () => {
    const edit = (mark: string): string => `<meta name="build" content="${mark}">\n<p>Version ${mark}</p>`
    const churn = churnOf(edit('1.2.3'), edit('1.2.4'))
    expect(churn.shapes.map(({ shape, pages }) => [shape, pages])).toEqual([
      ['<meta name="build" …>', 4],
      ['<p>Version …</p>', 4],
    ])
    expect(churn.ignore).toEqual(['<meta name="build"[^>]*>', '<p>Version [\\p{L}\\p{N}_:.+-]+</p>'])
  })

  it('does not count a page among the explained that differs in something else too', () => {
    const pair = (key: string, rest: string) => ({
      key,
      before: '<b data-v="1"> one',
      after: `<b data-v="2"> ${rest}`,
    })
    const churn = describeChurn([pair('c', 'one'), pair('a', 'one'), pair('b', 'two')])
    expect([churn.sampled, churn.explained]).toEqual([3, 2])
    expect(churn.shapes).toEqual([
      { shape: '<b data-v="…">', pages: 3, example: { key: 'a', before: '<b data-v="1">', after: '<b data-v="2">' } },
    ])
  })

  it('explains nothing where each page has an edit of its own', () => {
    const pairs = ['one', 'two', 'three', 'four'].map((word) => ({
      key: word,
      before: `<p>${word}</p>`,
      after: `<p>${word}ly</p><hr class="${word}">`,
    }))
    expect(describeChurn(pairs)).toEqual({ sampled: 4, explained: 0, shapes: [] })
  })

  it('cuts long examples short', () => {
    const [shape] = churnOf(
      `<meta name="b" content="${'1'.repeat(500)}">`,
      `<meta name="b" content="${'2'.repeat(500)}">`,
    ).shapes
    expect(shape?.example.before).toHaveLength(120)
  })
})
