import { describe, expect, it } from 'vitest'
import { plannedCost } from '../../test/fakes/nouns.ts'
import { EMPTY_PLAN, freshOutcome, idleOutcome, plannedUpload, planOf } from '../../test/fakes/outcomes.ts'
import { renderOutcomeText } from './text.ts'

const plain = { colors: false } as const

describe('renderOutcomeText', () => {
  it('tells of a deploy what went up, what went, what was purged and why, and what is true now', () => {
    expect(renderOutcomeText(freshOutcome(), plain)).toBe(`Deploy to s3://my-site/, behind E2QWRUHAPOMQZL

Uploaded 2 files, 52 kB
  wave 1
  + app.3f9a1c.js    new            51 kB
  wave 2
  ~ blog/index.html  bytes changed  420 B

Removed 1 object
  - old.html  no longer in the site

Invalidated 2 paths on E2QWRUHAPOMQZL (I2J0I21PCUYOIK)
    /blog/     blog/index.html: bytes changed (and 1 more)
    /old.html  old.html: removed
  2 paths of 1,000 free ones left this month; nothing unchanged goes cold.
  A path for every URL would be 4; /* would take 412 unchanged along.

412 unchanged stay warm

Took 10 requests: 4 PUT, 1 LIST, 2 DELETE, 1 CreateInvalidation, 2 GetInvalidation
Live and fresh at every edge in 6.2 s.
`)
  })

  it('counts what is left as it is because the user said so', () => {
    const text = renderOutcomeText(freshOutcome({ plan: planOf({ ignored: ['a.html', 'b.html'] }) }), plain)
    expect(text).toContain('412 unchanged stay warm\n  ignored: 2 files differ only in what "ignore" matches\n')
  })

  it('tells of a plan what would be done, what stands in its way, and where the settings came from', () => {
    const plan = planOf({
      prefix: 'docs/',
      uploads: [plannedUpload('docs/a.html', 'new', 12, 1)],
      invalidations: [],
      cost: plannedCost(),
      settleSeconds: 10,
      settleReasons: ['a 404 may be cached for 10 s'],
      kept: [
        { key: 'docs/app.3f2a91c0.js', leftIn: 'r1', leftAt: '2026-11-22T05:14:49.000Z', releases: 1 },
        { key: 'docs/app.77b1c0de.css', leftIn: 'r1', leftAt: '2026-11-22T05:14:49.000Z', releases: 1 },
      ],
      foreign: ['docs/cv.pdf'],
      warnings: [{ code: 'NO_DISTRIBUTION', message: 'No distribution serves the bucket.' }],
      refusals: [
        { code: 'TOO_MANY_REMOVALS', message: 'Too many.', fix: 'Use --yes.', confirmable: true },
        { code: 'EMPTY_SITE', message: 'Nothing is left.', fix: 'Build first.', confirmable: false },
      ],
    })
    const sources = { bucket: '--bucket', prefix: 'freshfront.json', wait: 'default' }
    expect(renderOutcomeText(idleOutcome('planned', plan), { ...plain, sources })).toBe(`Plan for s3://my-site/docs/
Set: bucket from --bucket, prefix from freshfront.json

1 upload, 12 B
  + docs/a.html  new  12 B

1 removal
  - old.html  no longer in the site

Waits 10 s instead of purging: a 404 may be cached for 10 s

412 unchanged stay warm
2 assets of earlier builds kept for pages still open in browsers: docs/app.3f2a91c0.js,
  docs/app.77b1c0de.css
1 object not put there by Freshfront left alone: docs/cv.pdf

! No distribution serves the bucket.
! Too many.
  Fix: Use --yes.
! Nothing is left.
  Fix: Build first. (--yes does not lift this.)

Takes 8 requests: 4 PUT, 1 LIST, 2 DELETE, 1 CreateInvalidation
This is the plan; nothing was written, and a deploy would be refused.
`)
  })

  it('marks what did not happen, and names every failure with its fix', () => {
    const plan = planOf()
    const outcome = freshOutcome({
      plan,
      result: 'failed',
      uploaded: [{ key: 'app.3f9a1c.js', etag: '"d4"' }],
      removed: [],
      invalidations: plan.invalidations.map(({ distribution, items }) => ({ distribution, items, status: 'not sent' })),
      failures: [
        { what: 'upload blog/index.html', code: 'ACCESS_DENIED', message: 'Not allowed.', fix: 'Allow s3:PutObject.' },
        { what: 'deploy', code: 'INTERRUPTED', message: 'Interrupted.' },
      ],
    })
    expect(renderOutcomeText(outcome, { ...plain, width: 200 })).toBe(`Deploy to s3://my-site/, behind E2QWRUHAPOMQZL

Uploaded 1 of 2 files, 51 kB
  wave 1
  + app.3f9a1c.js    new            51 kB
  wave 2
  ! blog/index.html  bytes changed  420 B  not uploaded

Removed 0 of 1 object
  ! old.html  no longer in the site  not removed

! Not sent: the invalidation of 2 paths on E2QWRUHAPOMQZL
    /blog/     blog/index.html: bytes changed (and 1 more)
    /old.html  old.html: removed

412 unchanged stay warm

! upload blog/index.html: Not allowed. (ACCESS_DENIED)
  Fix: Allow s3:PutObject.
! deploy: Interrupted. (INTERRUPTED)

Took 10 requests: 4 PUT, 1 LIST, 2 DELETE, 1 CreateInvalidation, 2 GetInvalidation
Failed after 6.2 s: 1 of 2 uploads and 0 of 1 removal are done. Run the command again: what is still owed is remembered and done then.
`)
  })

  it('is short when there is nothing to do', () => {
    const text = renderOutcomeText(idleOutcome('nothing to do', EMPTY_PLAN), { ...plain, dir: './public' })
    expect(text).toBe(`Deploy to s3://my-site/

412 unchanged stay warm

Took 1 request: 1 LIST
Nothing to do: what is live is what is in ./public.
`)
  })

  it('shows the first 20 of a long list', () => {
    const uploads = Array.from({ length: 400 }, (_, index) => plannedUpload(`${index}.html`, 'new', 1, 1))
    const lines = renderOutcomeText(idleOutcome('planned', planOf({ uploads })), plain).split('\n')
    expect(lines.filter((line) => line.startsWith('  + '))).toHaveLength(20)
    expect(lines).toContain('400 uploads, 400 B')
    expect(lines).toContain('  … and 380 more')
  })

  it('does not call unchanged objects warm when a wildcard may take them along', () => {
    const invalidations = [
      { distribution: 'E1', callerReference: '1', items: [{ item: '/*', reasons: ['it has functions'] }] },
    ]
    const text = renderOutcomeText(
      idleOutcome('planned', planOf({ invalidations, cost: plannedCost({ paths: 1, isWhole: true }) })),
      plain,
    )
    expect(text).toContain('412 unchanged stay in the bucket as before\n')
    expect(text).not.toContain('warm')
  })

  it('wraps sentences at the width and indents what follows', () => {
    const plan = planOf({ warnings: [{ code: 'X', message: 'A sentence that is too long for the line.' }] })
    expect(renderOutcomeText(idleOutcome('planned', plan), { ...plain, width: 30 })).toContain(
      '\n! A sentence that is too long\n  for the line.\n',
    )
  })

  it('lets no control character from outside reach the terminal', () => {
    const evil = '\u001b[2J\u009b31m\u202e\r\n'
    const plan = planOf({
      bucket: evil,
      uploads: [plannedUpload(`up${evil}`, 'new', 1, 1)],
      removals: [{ key: `gone${evil}`, reason: 'no longer in the site' }],
      invalidations: [{ distribution: evil, callerReference: '1', items: [{ item: evil, reasons: [`why${evil}`] }] }],
      settleSeconds: 1,
      settleReasons: [evil],
      foreign: [`foreign${evil}`],
      warnings: [{ code: 'X', message: `warning${evil}` }],
      refusals: [{ code: 'X', message: evil, fix: evil, confirmable: true }],
    })
    const failures = [{ what: evil, code: evil, message: evil, fix: evil }]
    const sources = { bucket: evil }
    const texts = [
      renderOutcomeText(freshOutcome({ plan, failures }), { ...plain, sources, dir: evil }),
      renderOutcomeText(idleOutcome('planned', plan), { ...plain, sources, dir: evil }),
      renderOutcomeText(idleOutcome('nothing to do', { ...EMPTY_PLAN, bucket: evil }), { ...plain, dir: evil }),
    ]
    for (const text of texts) expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e]/u)
  })

  it('uses colours only when there are any', () => {
    const outcome = freshOutcome()
    const colored = renderOutcomeText(outcome, { colors: true })
    expect(colored).toContain('\u001b[32mLive and fresh at every edge in 6.2 s.\u001b[39m')
    expect(colored.replace(/\p{Cc}\[\d+m/gu, '')).toBe(renderOutcomeText(outcome, plain))
  })
})
