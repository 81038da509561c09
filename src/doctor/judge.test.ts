// What the embedded cloud cannot be set up to; the rest is in test/doctor.test.ts.

import { describe, expect, it } from 'vitest'
import { distribution } from '../../test/fakes/nouns.ts'
import type {
  BucketSettings,
  Distribution,
  DistributionFacts,
  DistributionSetup,
  Origin,
  SetupFacts,
} from '../model.ts'
import { judgeSetup } from './judge.ts'

function policyFor(keys: string): string {
  const Principal = { Service: 'cloudfront.amazonaws.com' }
  const Resource = `arn:aws:s3:::site/${keys}`
  return JSON.stringify({ Statement: { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource } })
}

const settings: BucketSettings = {
  listing: { value: true },
  unfinishedUploads: { value: true },
  publicAccessBlock: {
    value: { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true },
  },
  ownership: { value: 'BucketOwnerEnforced' },
  bucketIsPublic: { value: false },
  publicObject: { value: undefined },
  policy: { value: policyFor('*.html') },
  versioning: { value: 'Enabled' },
  website: { value: undefined },
  encryption: { value: 'AES256' },
}
const setup: DistributionSetup = {
  arn: 'arn:aws:cloudfront::123456789012:distribution/E1',
  origins: [{ id: 'bucket', access: 'control' }],
  behaviors: [
    {
      pathPattern: '*',
      compresses: { gzip: true, brotli: true },
      keyHeaders: [],
      keyCookies: false,
      sendsHost: false,
      allowsHttp: false,
    },
  ],
}
const errorResponses = [{ errorCode: 403, responsePagePath: '/404.html', errorCachingMinTtlSeconds: 10 }]

interface Changes {
  readonly bucket?: Partial<BucketSettings>
  readonly distribution?: Partial<Distribution>
  readonly setup?: Partial<DistributionSetup>
  readonly behavior?: Partial<DistributionSetup['behaviors'][number]>
  readonly facts?: Partial<SetupFacts>
}

function codes(changes: Changes): string[] {
  const [behavior] = setup.behaviors
  const facts: DistributionFacts = {
    distribution: distribution({ errorResponses, ...changes.distribution }),
    setup: {
      ...setup,
      ...(behavior !== undefined && { behaviors: [{ ...behavior, ...changes.behavior }] }),
      ...changes.setup,
    },
    functionAnswersRoot: false,
  }
  const { findings } = judgeSetup({
    bucket: 'site',
    prefix: '',
    bucketFacts: { region: { value: 'eu-west-1' }, settings: { ...settings, ...changes.bucket } },
    state: { value: undefined },
    distributionIds: { value: ['E1'] },
    distributions: [{ value: facts }],
    ...changes.facts,
  })
  return findings.map(({ code }) => code)
}

function origin(domainName: string): Pick<Distribution, 'origins'> {
  const only: Origin = { id: 'bucket', domainName, originPath: '' }
  return { origins: [only] }
}

describe('judgeSetup', () => {
  it('finds nothing at a site that is well set up', () => {
    expect(codes({})).toEqual([])
  })

  it.each<[string, Changes, string[]]>([
    [
      'an ACL that opens the bucket',
      {
        bucket: {
          bucketIsPublic: { value: true },
          ownership: { value: 'ObjectWriter' },
          publicAccessBlock: {
            value: {
              blockPublicAcls: false,
              ignorePublicAcls: false,
              blockPublicPolicy: true,
              restrictPublicBuckets: true,
            },
          },
        },
      },
      ['PUBLIC_ACLS', 'PUBLIC_ACCESS_NOT_BLOCKED'],
    ],
    [
      'public ACLs that Block Public Access ignores',
      { bucket: { publicObject: { value: 'index.html' }, ownership: { value: 'ObjectWriter' } } },
      ['ACLS_ENABLED'],
    ],
    ['versioning that was stopped', { bucket: { versioning: { value: 'Suspended' } } }, ['NO_VERSIONING']],
    ['a KMS key', { bucket: { encryption: { value: 'aws:kms' } } }, ['KMS_ENCRYPTION']],
    [
      'a KMS key behind an origin access identity',
      { bucket: { encryption: { value: 'aws:kms' } }, setup: { origins: [{ id: 'bucket', access: 'identity' }] } },
      ['KMS_WITHOUT_ORIGIN_ACCESS_CONTROL', 'ORIGIN_ACCESS_IDENTITY'],
    ],
    [
      'a website endpoint of a bucket that is none',
      {
        distribution: origin('site.s3-website-eu-west-1.amazonaws.com'),
        setup: { origins: [{ id: 'bucket', access: 'none' }] },
      },
      ['WEBSITE_NOT_CONFIGURED', 'WEBSITE_ENDPOINT'],
    ],
    [
      'an origin in another region',
      { distribution: origin('site.s3.us-west-2.amazonaws.com') },
      ['ORIGIN_WRONG_REGION'],
    ],
    ['an origin without its region', { distribution: origin('site.s3.amazonaws.com') }, ['ORIGIN_WITHOUT_REGION']],
    ['an origin that is not the bucket', { distribution: origin('www.example.com') }, ['ORIGIN_NOT_THE_BUCKET']],
    ['a policy that shows the state', { bucket: { policy: { value: policyFor('*') } } }, ['STATE_READABLE']],
    ['a disabled distribution', { distribution: { enabled: false } }, ['DISTRIBUTION_DISABLED']],
    ['plain HTTP', { behavior: { allowsHttp: true } }, ['HTTP_ALLOWED']],
    ['an origin request policy that sends Host', { behavior: { sendsHost: true } }, ['HOST_SENT_TO_ORIGIN']],
    ['no distribution', { facts: { distributionIds: { value: [] }, distributions: [] } }, ['NO_DISTRIBUTION']],
    [
      'a state that makes no sense',
      { facts: { state: { unread: { action: 's3:GetObject', because: 'failed', message: 'It is no JSON.' } } } },
      ['STATE_NOT_READABLE'],
    ],
    [
      'a store that has no such setting',
      {
        bucket: {
          ownership: {
            unread: { action: 's3:GetBucketOwnershipControls', because: 'failed', message: 'NotImplemented' },
          },
        },
      },
      ['NOT_READABLE'],
    ],
  ])('names %s', (_, changes, expected) => {
    expect(codes(changes)).toEqual(expected)
  })

  it('says of the wrong region nothing but that', () => {
    const bucketFacts = { namedRegion: 'us-east-1', region: { value: 'eu-west-1' } }
    expect(codes({ facts: { bucketFacts } })).toEqual(['WRONG_REGION'])
  })

  it('asks for no root object where the site is not at the root', () => {
    expect(codes({ distribution: { defaultRootObject: '' } })).toEqual(['NO_DEFAULT_ROOT_OBJECT'])
    expect(codes({ distribution: { defaultRootObject: '' }, facts: { prefix: 'blog/' } })).toEqual([])
  })
})
