// The Markdown of an outcome, and names that try to be more than text in it.

import { describe, expect, it } from 'vitest'
import { EMPTY_PLAN, freshOutcome, idleOutcome, planOf, plannedUpload } from '../../test/fakes/outcomes.ts'
import { codeOf, linkOf, preformatted, proseOf } from './markdown-text.ts'
import { renderErrorMarkdown, renderOutcomeMarkdown } from './markdown.ts'

describe('renderOutcomeMarkdown', () => {
  it('shows what went live, what was purged and why, what stayed warm, and the cost against /*', () => {
    expect(renderOutcomeMarkdown(freshOutcome())).toBe(`### Live and fresh at every edge in 6.2 s.

Deploy to <code>s3&#58;//my-site/</code>, behind <code>E2QWRUHAPOMQZL</code>, release <code>2026-11-23T05-14-49Z-1f3a9c</code>

**Went live: 2 files, 52 kB**

| File | Why | Size |
| --- | --- | --- |
| <code>app.3f9a1c.js</code> | new | 51 kB |
| <code>blog/index.html</code> | bytes changed | 420 B |

**Removed: 1 object**

| File | Why |
| --- | --- |
| <code>old.html</code> | no longer in the site |

**Purged: 2 paths on <code>E2QWRUHAPOMQZL</code>, <code>I2J0I21PCUYOIK</code>**

| Path | Why | Unchanged objects that go cold |
| --- | --- | --- |
| <code>/blog/</code> | blog/index.html&#58; bytes changed (and 1 more) | 0 |
| <code>/old.html</code> | old.html&#58; removed | 0 |

**What the purge costs: 2 paths of 1,000 free ones left this month**

|  | Paths | Price | Unchanged objects that go cold |
| --- | --- | --- | --- |
| this | 2 | free | 0 |
| a path for every URL | 4 | free | 0 |
| <code>/&#42;</code> | 1 | free | 412 |

- 412 unchanged stay warm
`)
  })

  it('says of a plan what would be, and links to nothing that is not live', () => {
    const text = renderOutcomeMarkdown(idleOutcome('planned', planOf()), { originOf: () => 'https://example.com' })
    expect(text).toContain('### This is the plan; nothing was written.')
    expect(text).toContain('**Would go live: 2 files, 52 kB**')
    expect(text).toContain('| <code>blog/index.html</code> | bytes changed | 420 B |')
    expect(text).toContain('**Would be purged: 2 paths on <code>E2QWRUHAPOMQZL</code>**')
  })

  it('links a page to its address with a slash at the end, and a purged path to itself', () => {
    const expected = {
      kind: 'object',
      sha256: 'e3',
      sizeBytes: 3,
      metadata: { contentType: 'text/html' },
      headersMayDiffer: false,
    } as const
    const list = ['/blog/index.html', '/blog', '/blog/'].map((path) => {
      return { distribution: 'E2QWRUHAPOMQZL', path, key: 'blog/index.html', expect: expected, items: [] }
    })
    const plan = planOf({ checks: { list, keys: 1, ofKeys: 1 } })
    const text = renderOutcomeMarkdown(freshOutcome({ plan }), { originOf: () => 'https://example.com' })
    expect(text).toContain('<a href="https&#58;//example.com/blog/"><code>blog/index.html</code></a>')
    expect(text).toContain('<a href="https&#58;//example.com/old.html"><code>/old.html</code></a>')
  })

  it('ends tables at the rows that there is room for', () => {
    const uploads = Array.from({ length: 60 }, (_, index) => plannedUpload(`${index}.html`, 'new', 1, 1))
    const text = renderOutcomeMarkdown(freshOutcome({ plan: planOf({ uploads }) }), { maxRows: 5 })
    expect(text).toContain('… and 55 more')
    expect(text).not.toContain('5.html')
  })

  it('shows failures, refusals and warnings with their codes', () => {
    const warnings = [{ code: 'W', message: 'Mind the gap.' }]
    const refusals = [{ code: 'R', message: 'Too much goes.', fix: 'Use --yes.', confirmable: true }]
    const plan = planOf({ warnings, refusals })
    const failures = [{ what: 'upload a.html', code: 'F', message: 'It broke.' }]
    const text = renderOutcomeMarkdown(freshOutcome({ plan, result: 'failed', failures }))
    expect(text).toContain('- **Failed** (<code>F</code>): upload a.html&#58; It broke.')
    expect(text).toContain('- **Refused** (<code>R</code>): Too much goes.<br>Fix: Use --yes.')
    expect(text).toContain('- **Warning** (<code>W</code>): Mind the gap.')
  })

  it('is one sentence where there is nothing to do, and leaves out the bucket where it is asked to', () => {
    const text = renderOutcomeMarkdown(idleOutcome('nothing to do', { ...EMPTY_PLAN, unchanged: 0 }), {
      hidesBucket: true,
    })
    expect(text).toBe(
      '### Nothing to do&#58; what is live is what is in the folder.\n\nDeploy to the site, release <code>2026-11-23T05-14-49Z-1f3a9c</code>\n',
    )
  })
})

describe('text from outside', () => {
  it.each([
    ['a|b', '<code>a&#124;b</code>'],
    ['`a`', '<code>&#96;a&#96;</code>'],
    ['<b>', '<code>&#60;b&#62;</code>'],
    ['**a** _b_ ~c~', '<code>&#42;&#42;a&#42;&#42; &#95;b&#95; &#126;c&#126;</code>'],
    ['[a](b)', '<code>&#91;a&#93;&#40;b&#41;</code>'],
    ['a\n# b', '<code>&#34;a&#92;n&#35; b&#34;</code>'],
    ['&amp;', '<code>&#38;amp&#59;</code>'],
    ['www.a.example', '<code>www&#46;a.example</code>'],
    ['münze/日本.html', '<code>münze/日本.html</code>'],
    ['\u202egpj.html', '<code>&#34;&#92;u202egpj.html&#34;</code>'],
  ])('%j stays a name', (name, markdown) => {
    expect(codeOf(name)).toBe(markdown)
  })

  it.each([
    ['Ask @octocat about #1.', 'Ask <span>@</span>octocat about <span>#</span>1.'],
    ['<!-- a --> | `b`', '&#60;!-- a --&#62; &#124; &#96;b&#96;'.replace('!', '&#33;')],
    ['1. one\n- two', '&#49;. one<br>&#45; two'],
    ['https://a.example', 'https&#58;//a.example'],
  ])('%j stays a sentence', (sentence, markdown) => {
    expect(proseOf(sentence)).toBe(markdown)
  })

  it('becomes a link only to http and https, and the address stays in its quotes', () => {
    expect(linkOf('a', 'https://example.com/"onclick="x')).toBe(
      '<a href="https&#58;//example.com/&#37;22onclick&#61;&#37;22x"><code>a</code></a>',
    )
    expect(linkOf('a', 'javascript:alert(1)')).toBe('<code>a</code>')
  })

  it('cannot end what is laid out', () => {
    expect(preformatted(['</pre><script>', 'b'])).toBe('<pre>&#60;/pre&#62;&#60;script&#62;\nb</pre>')
  })

  it('cannot become markup in the message of an error', () => {
    expect(renderErrorMarkdown({ code: 'A', message: 'No "<x>".\n| b', fix: 'Do *it*.' })).toBe(
      '### Not deployed\n\nNo &#34;&#60;x&#62;&#34;.<br>&#124; b\n\n**Fix:** Do &#42;it&#42;. (<code>A</code>)\n',
    )
  })
})
