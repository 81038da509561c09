// freshfront doctor over the embedded cloud: one well set up site, and what it says when one thing about it is wrong.

import { PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, describe, expect, it } from 'vitest'
import { connectAws } from '../src/aws/connect.ts'
import { INDEX_DOCUMENTS_FUNCTION, type EmulatorOptions, type NewDistribution } from '../src/emulator/index.ts'
import { makeBucketPolicy } from '../src/iam/bucket-policy.ts'
import type { Config, Diagnosis } from '../src/model.ts'
import { runDoctor } from '../src/run-doctor.ts'
import { startCloud, type Cloud, type CloudOptions } from './cloud.ts'

/** The embedded CloudFront's. */
const ACCOUNT = '123456789012'
const pages = { 'index.html': '<h1>', '404.html': 'gone', 'blog/index.html': '<p>' }
const notFound = { responsePagePath: '/404.html', responseCode: 404, errorCachingMinTtlSeconds: 10 }
const errorResponses: NewDistribution['errorResponses'] = [
  { errorCode: 403, ...notFound },
  { errorCode: 404, ...notFound },
]
const functions = { viewerRequest: INDEX_DOCUMENTS_FUNCTION }
const wellSetUp: Partial<NewDistribution> = {
  errorResponses,
  defaultBehavior: { functions },
  cacheTagHeader: 'x-amz-meta-cache-tag',
}

interface Setup extends Pick<CloudOptions, 'bucket'> {
  readonly distribution?: Partial<NewDistribution>
  readonly config?: Partial<Config>
  readonly deployed?: Partial<Config>
  /** Default: that of `freshfront iam --only bucket`. */
  readonly policy?: 'none' | 'public' | 'without deny'
  readonly second?: boolean
  readonly intercept?: EmulatorOptions['intercept']
}

let cloud: Cloud
afterEach(() => cloud.close())

async function diagnose(setup: Setup): Promise<Diagnosis> {
  let refusing = false
  cloud = await startCloud({
    ...(setup.bucket !== undefined && { bucket: setup.bucket }),
    distribution: { ...wellSetUp, ...setup.distribution },
    emulator: { intercept: (service, request) => (refusing ? setup.intercept?.(service, request) : undefined) },
  })
  if (setup.second === true) {
    const { bucket, ...rest } = { bucket: 'site', defaultRootObject: 'index.html', ...wellSetUp }
    cloud.emulator.cloudFront.createDistribution({ bucket, ...rest })
  }
  await putPolicy(setup.policy)
  await cloud.write(pages)
  await cloud.deploy(setup.deployed)
  refusing = true
  const config = {
    dir: cloud.dir,
    bucket: 'site',
    prefix: '',
    distributions: [],
    urls: [],
    filters: [],
    concurrency: 8,
  }
  const flags = { delete: false, followSymlinks: false, force: false, wait: true, yes: false }
  return runDoctor({ ...config, ...flags, ...setup.config }, cloud.ports, {
    edges: [new URL(cloud.emulator.edges[0]?.url ?? '').host],
  })
}

async function putPolicy(kind: Setup['policy']): Promise<void> {
  if (kind === 'none') return
  const { s3Url, region, credentials } = cloud.emulator
  const made = makeBucketPolicy({ partition: 'aws', account: ACCOUNT, bucket: 'site', prefix: '', distributions: [] })
  const everyone = {
    Sid: 'Public',
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::site/*',
  }
  const [allow] = made.Statement
  const policy = kind === 'public' ? { Statement: [everyone] } : kind === 'without deny' ? { Statement: [allow] } : made
  const s3 = new S3Client({ endpoint: s3Url, region, credentials, forcePathStyle: true })
  await s3.send(new PutBucketPolicyCommand({ Bucket: 'site', Policy: JSON.stringify(policy) }))
  s3.destroy()
}

function codes({ findings }: Diagnosis): string[] {
  return findings.map(({ code }) => code).filter((code) => code !== 'NO_VERSIONING')
}

const queryStrings = { behavior: 'all', names: [] } as const
const dayLong = { min: 86_400, default: 86_400, max: 31_536_000 }

describe('freshfront doctor', () => {
  it('finds nothing but missing versions at a site that is well set up', async () => {
    const { findings, distributions, notTried } = await diagnose({})
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['NO_VERSIONING', 'advice']])
    expect(distributions).toEqual([cloud.distributionId])
    expect(notTried).toContain('s3:PutObject')
  })

  it.each<[string, Setup, string[]]>([
    [
      'an object opened by its ACL',
      { bucket: { objectOwnership: 'ObjectWriter' }, deployed: { acl: 'public-read' } },
      ['PUBLIC_ACLS', 'PUBLIC_ACCESS_NOT_BLOCKED'],
    ],
    [
      'ACLs that are on',
      { bucket: { objectOwnership: 'BucketOwnerPreferred' } },
      ['ACLS_ENABLED', 'PUBLIC_ACCESS_NOT_BLOCKED'],
    ],
    ['an ACL that the bucket refuses', { config: { acl: 'public-read' } }, ['ACL_REFUSED']],
    [
      'no origin access control',
      { bucket: { publicRead: true }, policy: 'public', distribution: { access: 'anonymous' } },
      ['PUBLIC_BUCKET', 'STATE_READABLE', 'NO_ORIGIN_ACCESS_CONTROL', 'PUBLIC_ACCESS_NOT_BLOCKED'],
    ],
    [
      'the website endpoint',
      {
        bucket: { publicRead: true, website: { indexDocument: 'index.html' } },
        distribution: { website: true, defaultBehavior: {} },
      },
      ['STATE_READABLE', 'WEBSITE_ENDPOINT'],
    ],
    [
      'no default root object',
      { distribution: { defaultRootObject: '', defaultBehavior: {} } },
      ['NO_DEFAULT_ROOT_OBJECT', 'NO_INDEX_DOCUMENTS'],
    ],
    [
      'a default root object that is not there',
      { distribution: { defaultRootObject: 'home.html', defaultBehavior: {} } },
      ['DEFAULT_ROOT_OBJECT_MISSING', 'NO_INDEX_DOCUMENTS'],
    ],
    ['no index documents', { distribution: { defaultBehavior: {} } }, ['NO_INDEX_DOCUMENTS']],
    [
      'query strings in the cache key',
      { distribution: { defaultBehavior: { functions, cachePolicy: { queryStrings } } } },
      ['QUERY_STRINGS_IN_CACHE_KEY'],
    ],
    [
      'Host in the cache key',
      { distribution: { defaultBehavior: { functions, cachePolicy: { headers: ['Host'] } } } },
      ['HOST_SENT_TO_ORIGIN'],
    ],
    [
      'a managed policy with headers and cookies',
      { distribution: { defaultBehavior: { functions, cachePolicy: 'UseOriginCacheControlHeaders' } } },
      ['HOST_SENT_TO_ORIGIN', 'CACHE_KEY_SPLIT'],
    ],
    [
      'a minimum TTL over no-store',
      {
        distribution: { defaultBehavior: { functions, cachePolicy: { ttl: dayLong } } },
        deployed: { cacheControl: 'no-store' },
      },
      ['MIN_TTL_OVER_NO_STORE'],
    ],
    ['a minimum TTL', { distribution: { defaultBehavior: { functions, cachePolicy: { ttl: dayLong } } } }, ['MIN_TTL']],
    [
      'long error TTLs',
      { distribution: { errorResponses: [{ errorCode: 404, ...notFound, errorCachingMinTtlSeconds: 300 }] } },
      ['LONG_ERROR_TTL'],
    ],
    [
      'an error page that is not there',
      { distribution: { errorResponses: [{ errorCode: 403, ...notFound, responsePagePath: '/oops.html' }] } },
      ['ERROR_PAGE_MISSING'],
    ],
    ['no error page', { distribution: { errorResponses: [] } }, ['NO_ERROR_PAGE']],
    ['the state at the edge', { policy: 'without deny' }, ['STATE_READABLE']],
    ['no compression', { distribution: { defaultBehavior: { functions, compress: false } } }, ['NO_COMPRESSION']],
    [
      'legacy cache settings',
      { distribution: { defaultBehavior: { functions, ttl: { min: 0, default: 60, max: 600 } } } },
      ['NO_BROTLI'],
    ],
    ['several distributions', { second: true }, ['SEVERAL_DISTRIBUTIONS']],
    ['no cache tags', { distribution: { cacheTagHeader: '' } }, ['NO_CACHE_TAGS']],
    [
      'a cache tag header that S3 cannot send',
      { distribution: { cacheTagHeader: 'surrogate-key' } },
      ['CACHE_TAG_HEADER_NOT_FROM_S3'],
    ],
    [
      'a function that chooses other origins',
      {
        distribution: {
          defaultBehavior: {
            functions: {
              viewerRequest:
                "function handler(event) { if (event.request.uri === '/x') cf.updateRequestOrigin({}); return event.request }",
            },
          },
        },
      },
      ['URLS_NOT_KNOWN'],
    ],
    [
      'an address that no distribution has',
      { second: true, config: { verifyUrls: ['https://www.example.com'] } },
      ['VERIFY_URL_UNCLAIMED', 'SEVERAL_DISTRIBUTIONS'],
    ],
    ['a distribution that is not there', { config: { distributions: ['E0NOTHERE'] } }, ['DISTRIBUTION_NOT_READABLE']],
  ])('names %s', async (_, setup, expected) => {
    expect(codes(await diagnose(setup))).toEqual(expected)
  })

  it('says what cache tags would save, by the objects and paths of what is live', async () => {
    const { findings } = await diagnose({ distribution: { cacheTagHeader: '' } })
    expect(findings.find(({ code }) => code === 'NO_CACHE_TAGS')?.what).toContain(
      'the 3 objects of the site are cached under 6 paths; with tags each is one item',
    )
  })

  it('calls an error TTL of more than an hour a problem', async () => {
    const { findings } = await diagnose({
      distribution: { errorResponses: [{ errorCode: 404, ...notFound, errorCachingMinTtlSeconds: 86_400 }] },
    })
    expect(findings[0]).toMatchObject({
      code: 'LONG_ERROR_TTL',
      severity: 'problem',
      what: `${cloud.distributionId} caches errors: 404 for 86400 s.`,
    })
  })

  it('knows a single-page application’s answer to everything from the state itself', async () => {
    const spa = { errorCode: 403, responsePagePath: '/index.html', responseCode: 200 }
    expect(codes(await diagnose({ distribution: { errorResponses: [spa] } }))).toEqual([])
  })

  it('names a bucket that is in another region, and one that is not there', async () => {
    await diagnose({})
    const { s3Url, cloudFrontUrl, credentials } = cloud.emulator
    const look = async (bucket: string, region: string): Promise<string[]> => {
      const connection = { endpointUrl: s3Url, cloudFrontEndpointUrl: cloudFrontUrl, credentials, concurrency: 4 }
      const ports = await connectAws({ ...connection, bucket, region })
      const config = { dir: '', prefix: '', distributions: [], urls: [], filters: [], concurrency: 4, wait: true }
      const off = { delete: false, followSymlinks: false, force: false, yes: false }
      return codes(await runDoctor({ ...config, ...off, bucket }, ports))
    }
    expect(await look('site', 'eu-west-1')).toContain('WRONG_REGION')
    expect(await look('nowhere', 'us-east-1')).toEqual(['BUCKET_NOT_FOUND'])
  })
})

describe('what may not be read', () => {
  const denied = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
  const refuse = { status: 403, headers: { 'Content-Type': 'application/xml' }, body: Buffer.from(denied) }

  it.each([
    ['s3:GetBucketPolicy', '?policy'],
    ['s3:GetBucketPublicAccessBlock', '?publicAccessBlock'],
    ['s3:GetBucketOwnershipControls', '?ownershipControls'],
    ['s3:GetBucketVersioning', '?versioning'],
    ['s3:GetEncryptionConfiguration', '?encryption'],
    ['s3:GetBucketWebsite', '?website'],
    ['s3:ListBucketMultipartUploads', '?max-uploads'],
    ['s3:GetObjectAcl', 'html?acl'],
  ])('%s is a finding, and no problem', async (action, query) => {
    const { findings } = await diagnose({
      intercept: (service, { target }) => (service === 's3' && target.includes(query) ? refuse : undefined),
    })
    const found = findings.find(({ code }) => code === 'NOT_READABLE')
    expect([found?.severity, found?.what]).toEqual([
      'advice',
      `These credentials may not do ${action} on arn:aws:s3:::site.`,
    ])
  })

  it.each<[string, (service: string, target: string) => boolean]>([
    ['s3:ListBucket', (service, target) => service === 's3' && target.includes('list-type=2')],
    ['s3:GetObject', (service, target) => service === 's3' && target.includes('state.json.gz')],
    ['cloudfront:ListDistributions', (service, target) => service === 'cloudfront' && target.endsWith('/distribution')],
    ['cloudfront:GetDistribution', (service, target) => service === 'cloudfront' && target.includes('/distribution/E')],
  ])('%s is a problem: a deploy needs it', async (action, isRefused) => {
    const { findings } = await diagnose({
      intercept: (service, { target }) => (isRefused(service, target) ? refuse : undefined),
    })
    expect(findings[0]).toMatchObject({ code: 'PERMISSION_MISSING', severity: 'problem' })
    expect(findings[0]?.what).toContain(`may not do ${action} on`)
  })

  it('an edge that does not answer leaves the judgement to the bucket policy', async () => {
    const found = codes(
      await diagnose({ policy: 'without deny', intercept: (service) => (service === 'edge' ? 'reset' : undefined) }),
    )
    expect(found).toEqual(['STATE_READABLE', 'EDGE_NOT_ANSWERING'])
  })

  it('a policy without an Allow is a problem while no edge has shown a page', async () => {
    const found = codes(
      await diagnose({ policy: 'none', intercept: (service) => (service === 'edge' ? 'reset' : undefined) }),
    )
    expect(found).toEqual(['ORIGIN_NOT_ALLOWED', 'EDGE_NOT_ANSWERING'])
  })
})
