import { describe, expect, it } from 'vitest'
import { appendIndex, behavior, origin, type SpaceOptions, urlSpace, WEBSITE_HOST } from '../../test/fakes/url-space.ts'
import { unmappedBecause, wholeScope } from './purge-scope.ts'

const lambda = { kind: 'lambda', name: 'rewrite' } as const

describe('unmappedBecause', () => {
  it.each<[string, SpaceOptions, string | undefined]>([
    ['a plain REST origin', {}, undefined],
    ['a function that can be run', { rewrite: appendIndex }, undefined],
    [
      'a Lambda function before the cache',
      { distribution: { behaviors: [behavior({ viewerRequest: lambda })] } },
      'the behavior * runs the Lambda function rewrite, which only AWS can run',
    ],
    [
      'a Lambda function before the origin',
      { distribution: { behaviors: [behavior({ pathPattern: '/x/*', originRequest: lambda })] } },
      'the behavior /x/* runs the Lambda function rewrite, which only AWS can run',
    ],
    [
      'a Lambda function that "urls" speaks for',
      { distribution: { behaviors: [behavior({ originRequest: lambda })] }, urls: [{ key: '*', paths: ['/$1'] }] },
      undefined,
    ],
    [
      'a Lambda function in front of another origin',
      { distribution: { behaviors: [behavior({ targetOriginId: 'api', viewerRequest: lambda }), behavior()] } },
      undefined,
    ],
    [
      'a function whose code may not be read',
      { distribution: { behaviors: [behavior({ viewerRequest: { kind: 'function', name: 'secret' } })] } },
      'the code of the function secret may not be read',
    ],
    [
      'a function that chooses origins',
      {
        distribution: {
          behaviors: [behavior({ viewerRequest: { kind: 'function', name: 'f', code: 'cf.updateRequestOrigin({})' } })],
        },
      },
      'the function f chooses other origins',
    ],
    [
      'a website whose configuration may not be read',
      { distribution: { origins: [origin('', WEBSITE_HOST)] } },
      "the bucket's website configuration may not be read",
    ],
    [
      'origins that are not known to be the bucket',
      { distribution: { origins: [origin('', 'alias-s3alias.s3.eu-west-1.amazonaws.com')] } },
      'none of its origins is known to be the bucket site',
    ],
  ])('%s', (_, options, because) => {
    expect(unmappedBecause(urlSpace(options))).toBe(because)
  })
})

describe('wholeScope', () => {
  it.each([
    ['', '', ['/*']],
    ['blog/', '', ['/blog*']],
    ['blog/', '/blog', ['/*']],
    ['blog/', '/blog/en', ['/*']],
    ['blog/en/', '/blog', ['/en*']],
    ['blog/', '/shop', []],
    ['my blog/', '', ['/my*']],
  ])('prefix "%s" at origin path "%s" is %j', (prefix, originPath, items) => {
    expect(wholeScope(prefix, urlSpace({ distribution: { origins: [origin(originPath)] } }))).toEqual(items)
  })

  it('has the root in it where the default root object lies below the prefix', () => {
    expect(wholeScope('blog/', urlSpace({ distribution: { defaultRootObject: 'blog/index.html' } }))).toEqual([
      '/blog*',
      '/',
    ])
  })

  it('is everything where a function may serve the prefix under any path', () => {
    expect(wholeScope('blog/', urlSpace({ rewrite: (uri) => `/blog${uri}` }))).toEqual(['/*'])
  })
})
