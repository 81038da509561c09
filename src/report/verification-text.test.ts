import { describe, expect, it } from 'vitest'
import type { SiteVerification, StaleAnswer, Verification } from '../model.ts'
import { renderSiteVerificationJson } from './verification-json.ts'
import { renderSiteVerificationText, renderVerification } from './verification-text.ts'

const nothing: Verification = {
  urls: 34,
  edges: 3,
  requests: 300,
  keys: 30,
  ofKeys: 30,
  purgedAgain: [],
  stale: [],
  changedAtEdge: [],
  unchecked: [],
}

const stale: StaleAnswer = {
  distribution: 'E1',
  key: 'about.html',
  url: 'https://www.example.com/about.html',
  edge: 'FRA56-P4',
  encoding: 'br',
  expected: '200, 12 bytes (ab12cd34…)',
  got: '200, 9 bytes (0f0f0f0f…), Hit from cloudfront',
}

const site: SiteVerification = {
  bucket: 'my-site',
  prefix: '',
  release: '2026-11-23T05-14-49Z-1f3a9c',
  result: 'fresh',
  notDeployed: 0,
  verification: nothing,
  seconds: 1.26,
}

const render = (changes: Partial<Verification>): string =>
  renderVerification({ ...nothing, ...changes }, { width: 100, paint: (_, text) => text }).join('\n')

describe('renderVerification', () => {
  it('says in one line that all is well, and of how many keys when it was a sample', () => {
    expect(render({})).toBe('Verified 34 URLs at 3 edges')
    expect(render({ urls: 200, keys: 180, ofKeys: 5000 })).toBe('Verified 200 URLs (of 180 of 5,000 keys) at 3 edges')
    expect(render({ ofKeys: 0, keys: 0, urls: 0 })).toBe('')
  })

  it('lists what is stale once for each URL, with what was expected and what came', () => {
    expect(render({ stale: [stale, { ...stale, edge: 'NRT57-P2' }, { ...stale, encoding: 'gzip' }] })).toBe(
      `! Asked for 34 URLs at 3 edges
  1 URL stale:
    https://www.example.com/about.html  at FRA56-P4 and 1 edge more
      expected 200, 12 bytes (ab12cd34…)
      got      200, 9 bytes (0f0f0f0f…), Hit from cloudfront`,
    )
  })

  it('tells of a second purge, of headers that the edge sets and of URLs that no cache answers', () => {
    const items = [{ item: '/about.html', reasons: ['stale'] }]
    const unchecked = ['/a', '/b', '/c', '/d'].map((path) => ({
      url: `https://www.example.com${path}`,
      edge: 'FRA56-P4',
      kind: 'made at the edge' as const,
      why: 'a function at the edge answers it with 401',
    }))
    const changedAtEdge = [{ ...stale, expected: 'Cache-Control: no-cache', got: 'Cache-Control: max-age=9' }]
    const purgedAgain = [{ distribution: 'E1', items, status: 'Completed' as const }]
    expect(render({ purgedAgain, changedAtEdge, unchecked })).toBe(
      `Verified 34 URLs at 3 edges
  Purged once more, since an edge was stale: 1 path on E1
  1 URL changed by the edge itself, so not stale:
    https://www.example.com/about.html  at FRA56-P4
      expected Cache-Control: no-cache
      got      Cache-Control: max-age=9
  Not checked, since a function at the edge answers it with 401: https://www.example.com/a,
    https://www.example.com/b, https://www.example.com/c and 1 more`,
    )
  })

  it('ends a long list, and obeys no control characters of a header', () => {
    const many = Array.from({ length: 25 }, (_, n) => ({
      ...stale,
      url: `https://x.test/${n}`,
      got: 'ETag: \u001b[2J',
    }))
    expect(render({ stale: many })).toMatch(/ {4}… and 5 more$/)
    expect(render({ stale: many })).not.toContain('\u001b')
  })
})

describe('renderSiteVerificationText', () => {
  it('says what is live, what the edge answers and what waits for a deploy', () => {
    expect(renderSiteVerificationText({ ...site, notDeployed: 2 }, { colors: false })).toBe(
      `What is live in s3://my-site/: release 2026-11-23T05-14-49Z-1f3a9c

Verified 34 URLs at 3 edges

2 files of the folder are not what is live: not deployed yet

Fresh: the edge answers with what is live (1.3 s).
`,
    )
  })

  it.each<[SiteVerification['result'], Partial<Verification>, string]>([
    ['stale', { stale: [stale] }, 'Stale: the edge answers with something else.'],
    ['unverified', {}, 'Not seen to be fresh: not every edge gave an answer.'],
    ['unverified', { urls: 0, ofKeys: 0 }, 'Not seen to be fresh: there is no URL whose answer is known beforehand.'],
  ])('ends with what a %s site is', (result, changes, sentence) => {
    const text = renderSiteVerificationText(
      { ...site, result, verification: { ...nothing, ...changes } },
      { colors: false },
    )
    expect(text).toContain(`\n\n${sentence}`)
  })

  it('holds the same in JSON', () => {
    expect(JSON.parse(renderSiteVerificationJson({ ...site, verification: { ...nothing, stale: [stale] } }))).toEqual({
      formatVersion: 1,
      ...site,
      verification: { ...nothing, stale: [stale] },
    })
  })
})
