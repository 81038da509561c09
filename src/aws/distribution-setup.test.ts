import type { Distribution as SdkDistribution } from '@aws-sdk/client-cloudfront'
import { describe, expect, it } from 'vitest'
import { toDistributionSetup } from './distribution-setup.ts'

const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6'
const ALL_VIEWER = '216adef6-5c7f-47e4-b989-5492eafa07d3'
const behavior = { TargetOriginId: 'a', ViewerProtocolPolicy: 'redirect-to-https' as const, Compress: true }

function setupWith(config: Partial<NonNullable<SdkDistribution['DistributionConfig']>>) {
  const common = { CallerReference: '', Comment: '', Enabled: true }
  const distribution = {
    ARN: 'arn:aws:cloudfront::123456789012:distribution/E1',
    DistributionConfig: { Origins: { Quantity: 0, Items: [] }, DefaultCacheBehavior: behavior, ...common, ...config },
  } as unknown as SdkDistribution
  return toDistributionSetup(distribution, new Map())
}

describe('toDistributionSetup', () => {
  it('tells an origin access control from an identity and from neither', () => {
    const Items = [
      { Id: 'a', DomainName: '', OriginAccessControlId: 'E2', S3OriginConfig: { OriginAccessIdentity: '' } },
      { Id: 'b', DomainName: '', S3OriginConfig: { OriginAccessIdentity: 'origin-access-identity/cloudfront/E3' } },
      { Id: 'c', DomainName: '', OriginAccessControlId: '', S3OriginConfig: { OriginAccessIdentity: '' } },
    ]
    expect(setupWith({ Origins: { Quantity: 3, Items } }).origins.map(({ access }) => access)).toEqual([
      'control',
      'identity',
      'none',
    ])
  })

  it('sees that the viewer’s Host goes to the origin by a managed policy', () => {
    const withPolicy = { ...behavior, CachePolicyId: CACHING_OPTIMIZED, OriginRequestPolicyId: ALL_VIEWER }
    expect(setupWith({ DefaultCacheBehavior: withPolicy }).behaviors).toEqual([
      {
        pathPattern: '*',
        compresses: { gzip: true, brotli: true },
        keyHeaders: [],
        keyCookies: false,
        sendsHost: true,
        allowsHttp: false,
      },
    ])
  })

  it('reads legacy settings: gzip alone, forwarded headers and cookies in the key', () => {
    const ForwardedValues = {
      QueryString: false,
      Cookies: { Forward: 'all' as const },
      Headers: { Quantity: 1, Items: ['Origin'] },
    }
    const legacy = { ...behavior, ForwardedValues, ViewerProtocolPolicy: 'allow-all' as const }
    expect(setupWith({ DefaultCacheBehavior: legacy }).behaviors[0]).toEqual({
      pathPattern: '*',
      compresses: { gzip: true, brotli: false },
      keyHeaders: ['origin'],
      keyCookies: true,
      sendsHost: false,
      allowsHttp: true,
    })
  })
})
