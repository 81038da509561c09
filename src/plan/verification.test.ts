import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { liveObject, siteFile, siteState } from '../../test/fakes/nouns.ts'
import { appendIndex, behavior, origin, type SpaceOptions, urlSpace, WEBSITE_HOST } from '../../test/fakes/url-space.ts'
import type { SiteFile } from '../model.ts'
import { truthAfterDeploy } from './key-truth.ts'
import { planChecks, planPurgeAgain } from './verification.ts'

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

interface Site {
  readonly before?: readonly SiteFile[]
  readonly after: readonly SiteFile[]
  readonly options?: SpaceOptions
  readonly maxChecks?: number
}

/** Checks of a deploy that goes from one set of files to the other, in which every key is said to have changed. */
function checks({ before = [], after, options = {}, maxChecks }: Site) {
  const afterKeys = new Set(after.map(({ key }) => key))
  const keys = [...new Set([...before, ...after].map(({ key }) => key))]
  return planChecks({
    targets: [{ space: urlSpace(options), keys }],
    allKeys: keys,
    truthOf: truthAfterDeploy({
      prefix: '',
      files: after,
      objects: before.map((file) => liveObject(file)),
      state: siteState(before),
      debt: undefined,
      uploads: after,
      removals: before.filter(({ key }) => !afterKeys.has(key)),
    }),
    hash,
    ...(maxChecks !== undefined && { maxChecks }),
  })
}

const expected = (site: Site): string[] =>
  checks(site).list.map(({ path, key, expect: { kind, sha256 } }) => {
    const file = [...site.after, ...(site.before ?? [])].find((candidate) => candidate.sha256 === sha256)
    return `${path}: ${key} ${kind === 'gone' ? 'gone' : `as ${file?.key}`}`
  })

describe('planChecks', () => {
  it('asks for every URL of a changed key, and for a removed one to be gone', () => {
    const before = [siteFile('index.html', 'old'), siteFile('about.html', 'bye')]
    expect(expected({ before, after: [siteFile('index.html', 'new')] })).toEqual([
      '/index.html: index.html as index.html',
      '/: index.html as index.html',
      '/about.html: about.html gone',
    ])
  })

  it('expects of a file that became a folder what its URL leads to now', () => {
    const site = { before: [siteFile('team', 'file')], after: [siteFile('team/index.html', 'folder')] }
    expect(expected({ ...site, options: { rewrite: appendIndex } })).toEqual([
      '/team: team/index.html as team/index.html',
      '/team/index.html: team/index.html as team/index.html',
      '/team/: team/index.html as team/index.html',
    ])
  })

  it('does not take the error page for what was removed, when it is a copy of it', () => {
    const errorResponses = [{ errorCode: 403, responsePagePath: '/404.html', errorCachingMinTtlSeconds: 10 }]
    const options = { distribution: { errorResponses } }
    const page = siteFile('404.html', 'nothing here')
    expect(expected({ before: [page, siteFile('old.html', 'nothing here')], after: [page], options })).toEqual([
      '/404.html: 404.html as 404.html',
    ])
  })

  it('leaves out redirects of the website endpoint, which hold no object', () => {
    const options = {
      distribution: { origins: [origin('', WEBSITE_HOST)] },
      website: { indexDocument: 'index.html', redirectsMissingKeys: false },
    }
    expect(expected({ after: [siteFile('blog/index.html')], options })).toEqual([
      '/blog/index.html: blog/index.html as blog/index.html',
      '/blog/: blog/index.html as blog/index.html',
    ])
  })

  it.each<[string, SpaceOptions]>([
    ['a Lambda function chooses the key', { distribution: { behaviors: [behavior({ viewerRequest: lambda() })] } }],
    [
      'a Lambda function may write the page anew',
      { distribution: { behaviors: [behavior({ changesResponses: 'anything' })] } },
    ],
    [
      'another origin answers first',
      { distribution: { originGroups: [group()], behaviors: [behavior({ targetOriginId: 'group' })] } },
    ],
    ['it is disabled', { distribution: { enabled: false } }],
  ])('asks nothing where %s', (_, options) => {
    expect(checks({ after: [siteFile('index.html')], options }).list).toEqual([])
  })

  it('takes the word of the user where a Lambda function chooses the key', () => {
    const distribution = { behaviors: [behavior({ viewerRequest: lambda() })] }
    const urls = [{ key: '*.html', paths: ['/$1'] }]
    expect(expected({ after: [siteFile('about.html')], options: { distribution, urls } })).toEqual([
      '/about.html: about.html as about.html',
      '/about: about.html as about.html',
    ])
  })

  it('does not guess what "/" leads to, where a function may see it or the root object', () => {
    const options = { distribution: { defaultRootObject: 'home.html' }, rewrite: appendIndex }
    expect(expected({ after: [siteFile('home.html'), siteFile('index.html')], options })).toEqual([
      '/home.html: home.html as home.html',
      '/index.html: index.html as index.html',
    ])
  })

  it('asks for one URL of a page that a function at the edge guards, and for none that it redirects', () => {
    const guarded = (): { kind: 'response' } => ({ kind: 'response' })
    expect(expected({ after: [siteFile('a.html')], options: { rewrite: guarded } })).toEqual([
      '/a.html: a.html as a.html',
    ])
    const tidied = (uri: string) => (uri.endsWith('index.html') ? guarded() : appendIndex(uri))
    expect(expected({ after: [siteFile('a/index.html')], options: { rewrite: tidied } })).toEqual([
      '/a/: a/index.html as a/index.html',
      '/a: a/index.html as a/index.html',
    ])
  })

  it('names with the check all that is to be purged when it fails', () => {
    const [check] = checks({ after: [siteFile('blog/index.html')], options: { rewrite: appendIndex } }).list
    expect(check?.items).toEqual(['/blog/index.html', '/blog/', '/blog'])
  })

  it('encodes the path as browsers do, and a plus so that S3 does not read a space', () => {
    expect(expected({ after: [siteFile('a+b/Grüße 100%.html')] })).toEqual([
      '/a%2Bb/Gr%C3%BC%C3%9Fe%20100%25.html: a+b/Grüße 100%.html as a+b/Grüße 100%.html',
    ])
  })

  it('takes a sample of a large site, always the same and from everywhere', () => {
    const after = Array.from({ length: 1000 }, (_, index) => siteFile(`posts/${String(index).padStart(3, '0')}.html`))
    const { list, keys, ofKeys } = checks({ after })
    expect([list.length, keys, ofKeys]).toEqual([200, 200, 1000])
    const inEachHundred = Array.from(
      { length: 10 },
      (_, n) => list.filter(({ key }) => key.startsWith(`posts/${n}`)).length,
    )
    expect(Math.min(...inEachHundred)).toBeGreaterThan(8)
    expect(checks({ after: after.toReversed() }).list.map(({ key }) => key)).toEqual(list.map(({ key }) => key))
    expect(checks({ after, maxChecks: Infinity }).list).toHaveLength(1000)
  })
})

describe('planPurgeAgain', () => {
  it('names each try differently, so that CloudFront purges anew', () => {
    const { list } = checks({ after: [siteFile('index.html')] })
    const [first] = planPurgeAgain(list, 'r1', hash)
    const [second] = planPurgeAgain(list, 'r2', hash)
    expect(first?.items.map(({ item }) => item)).toEqual(['/index.html', '/'])
    expect(first?.callerReference).not.toBe(second?.callerReference)
    expect(planPurgeAgain(list, 'r1', hash)[0]?.callerReference).toBe(first?.callerReference)
  })
})

function lambda() {
  return { kind: 'lambda' as const, name: 'router' }
}

function group() {
  return { id: 'group', originIds: ['elsewhere', 'bucket'], failoverStatusCodes: [404] }
}
