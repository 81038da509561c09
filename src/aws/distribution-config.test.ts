import type { Distribution } from '@aws-sdk/client-cloudfront'
import { describe, expect, it } from 'vitest'
import { customCachePolicyIds, toDistribution } from './distribution-config.ts'

const optimized = '658327ea-f89d-4fab-a63d-7e88639e58f6'
const withQueryStrings = '4cc15a8a-d715-48a4-82b8-cc0b614638fe'

/** What GetDistribution answers, as far as it is read. */
function described(config: object): Distribution {
  return { Id: 'E1', DomainName: 'd1.cloudfront.net', DistributionConfig: { Enabled: true, ...config } } as Distribution
}

describe('toDistribution', () => {
  it('reads origins, root object, aliases and error responses', () => {
    const read = toDistribution(
      described({
        Aliases: { Quantity: 1, Items: ['example.com'] },
        DefaultRootObject: 'index.html',
        Origins: { Quantity: 1, Items: [{ Id: 'o', DomainName: 'site.s3.amazonaws.com', OriginPath: '/v1' }] },
        CustomErrorResponses: {
          Quantity: 2,
          Items: [
            { ErrorCode: 404, ResponsePagePath: '/404.html', ResponseCode: '404', ErrorCachingMinTTL: 30 },
            { ErrorCode: 403, ResponsePagePath: '', ResponseCode: '', ErrorCachingMinTTL: 5 },
          ],
        },
      }),
      { policies: new Map(), functionCode: new Map([['index-rewrite', 'function handler() {}']]) },
    )
    expect(read).toEqual({
      id: 'E1',
      domainName: 'd1.cloudfront.net',
      aliases: ['example.com'],
      enabled: true,
      staging: false,
      defaultRootObject: 'index.html',
      origins: [{ id: 'o', domainName: 'site.s3.amazonaws.com', originPath: '/v1' }],
      originGroups: [],
      behaviors: [],
      errorResponses: [
        { errorCode: 404, responsePagePath: '/404.html', responseCode: 404, errorCachingMinTtlSeconds: 30 },
        { errorCode: 403, errorCachingMinTtlSeconds: 5 },
      ],
    })
  })

  it('puts the default behavior last and knows by the policy what is in the key and how long it is kept at least', () => {
    const { behaviors } = toDistribution(
      described({
        CacheBehaviors: {
          Quantity: 2,
          Items: [
            { PathPattern: '/q/*', TargetOriginId: 'o', CachePolicyId: withQueryStrings },
            { PathPattern: '/custom/*', TargetOriginId: 'o', CachePolicyId: 'mine' },
          ],
        },
        DefaultCacheBehavior: { TargetOriginId: 'o', CachePolicyId: optimized },
      }),
      {
        policies: new Map([['mine', { queryStringsInCacheKey: true, minTtlSeconds: 3, maxTtlSeconds: 9 }]]),
        functionCode: new Map(),
      },
    )
    expect(
      behaviors.map((behavior) => [behavior.pathPattern, behavior.queryStringsInCacheKey, behavior.minTtlSeconds]),
    ).toEqual([
      ['/q/*', true, 0],
      ['/custom/*', true, 3],
      ['*', false, 1],
    ])
  })

  it('names the functions that see requests, and not those that only see responses', () => {
    const { behaviors } = toDistribution(
      described({
        DefaultCacheBehavior: {
          TargetOriginId: 'o',
          ForwardedValues: { QueryString: true },
          FunctionAssociations: {
            Quantity: 2,
            Items: [
              { EventType: 'viewer-request', FunctionARN: 'arn:aws:cloudfront::123456789012:function/index-rewrite' },
              { EventType: 'viewer-response', FunctionARN: 'arn:aws:cloudfront::123456789012:function/headers' },
            ],
          },
          LambdaFunctionAssociations: {
            Quantity: 1,
            Items: [
              {
                EventType: 'origin-request',
                LambdaFunctionARN: 'arn:aws:lambda:us-east-1:123456789012:function:rewrite:7',
              },
            ],
          },
        },
      }),
      { policies: new Map(), functionCode: new Map([['index-rewrite', 'function handler() {}']]) },
    )
    expect(behaviors[0]?.viewerRequest).toEqual({
      kind: 'function',
      name: 'index-rewrite',
      code: 'function handler() {}',
    })
    expect(behaviors[0]?.originRequest).toEqual({ kind: 'lambda', name: 'rewrite' })
    expect(behaviors[0]).toMatchObject({ queryStringsInCacheKey: true, minTtlSeconds: 0, maxTtlSeconds: 31_536_000 })
  })
})

describe('customCachePolicyIds', () => {
  it('asks for each custom policy once and for no managed one', () => {
    const items = [{ CachePolicyId: 'mine' }, { CachePolicyId: optimized }, { CachePolicyId: 'mine' }]
    expect(
      customCachePolicyIds(
        described({ CacheBehaviors: { Items: items }, DefaultCacheBehavior: { CachePolicyId: optimized } }),
      ),
    ).toEqual(['mine'])
  })
})
