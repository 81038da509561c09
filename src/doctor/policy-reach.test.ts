import { describe, expect, it } from 'vitest'
import { makeBucketPolicy } from '../iam/bucket-policy.ts'
import { reachByPolicy, type Reader } from './policy-reach.ts'

const distributionArn = 'arn:aws:cloudfront::123456789012:distribution/E1'
const cloudFront: Reader = { kind: 'control', distributionArn }
const anyone: Reader = { kind: 'anyone' }
const page = 'arn:aws:s3:::site/blog/index.html'
const service = { Service: 'cloudfront.amazonaws.com' }

function policyOf(...statements: readonly object[]): string {
  const all = statements.map((one) => ({
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::site/*',
    ...one,
  }))
  return JSON.stringify({ Version: '2012-10-17', Statement: all })
}

describe('reachByPolicy', () => {
  it('lets CloudFront read the site, and not its state, by the policy that freshfront iam writes', () => {
    const scope = { partition: 'aws', account: '123456789012', bucket: 'site', prefix: 'blog/', distributions: ['E1'] }
    const policy = JSON.stringify(makeBucketPolicy(scope))
    expect(reachByPolicy(policy, page, cloudFront)).toBe('allowed')
    expect(reachByPolicy(policy, 'arn:aws:s3:::site/blog/.freshfront/state.json.gz', cloudFront)).toBe('not allowed')
    expect(reachByPolicy(policy, 'arn:aws:s3:::site/blog-old/index.html', cloudFront)).toBe('not allowed')
    expect(reachByPolicy(policy, page, anyone)).toBe('not allowed')
  })

  it.each<[string, object, Reader, string]>([
    ['a public bucket', { Principal: '*' }, anyone, 'allowed'],
    ['every AWS principal', { Principal: { AWS: ['*'] } }, anyone, 'allowed'],
    ['another service', { Principal: { Service: 'logging.s3.amazonaws.com' } }, cloudFront, 'not allowed'],
    [
      'another distribution',
      { Principal: service, Condition: { StringEquals: { 'aws:SourceArn': `${distributionArn}9` } } },
      cloudFront,
      'not allowed',
    ],
    [
      'its own account',
      { Principal: service, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } },
      cloudFront,
      'allowed',
    ],
    ['any action of S3', { Principal: service, Action: 's3:*' }, cloudFront, 'allowed'],
    ['another action', { Principal: service, Action: ['s3:ListBucket'] }, cloudFront, 'not allowed'],
    [
      'a condition on the referer',
      { Principal: '*', Condition: { StringLike: { 'aws:Referer': 'secret' } } },
      anyone,
      'unclear',
    ],
    [
      'all but some keys',
      { Principal: '*', Resource: undefined, NotResource: 'arn:aws:s3:::site/x' },
      anyone,
      'unclear',
    ],
    ['an asterisk that is none', { Principal: '*', Resource: 'arn:aws:s3:::site/${*}' }, anyone, 'not allowed'],
    [
      'an origin access identity',
      { Principal: { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E9' } },
      { kind: 'identity' },
      'allowed',
    ],
  ])('reads %s', (_, statement, reader, expected) => {
    expect(reachByPolicy(policyOf(statement), page, reader)).toBe(expected)
  })

  it('takes a Deny that depends on something for a doubt', () => {
    const policy = policyOf(
      { Principal: '*' },
      { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    )
    expect(reachByPolicy(policy, page, anyone)).toBe('unclear')
  })

  it('knows nothing of a policy that is no JSON, and nobody is let in where there is none', () => {
    expect(reachByPolicy('<policy/>', page, anyone)).toBe('unclear')
    expect(reachByPolicy(undefined, page, anyone)).toBe('not allowed')
  })
})
