// How a bucket of the embedded S3 becomes a website, and keeps a policy: through the official AWS SDK.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DeleteBucketPolicyCommand,
  DeleteBucketWebsiteCommand,
  GetBucketPolicyCommand,
  GetBucketWebsiteCommand,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
} from '@aws-sdk/client-s3'
import type { RoutingRule as SdkRule, WebsiteConfiguration as SdkWebsite } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EmulatedS3 } from './emulated-s3.ts'
import { Bucket, startEmulatedS3 } from './emulated-s3.ts'

describe('PutBucketWebsite, GetBucketWebsite and DeleteBucketWebsite', () => {
  let s3: EmulatedS3
  beforeAll(async () => {
    s3 = await startEmulatedS3()
  })
  afterAll(() => s3.close())

  const put = (WebsiteConfiguration: SdkWebsite) =>
    s3.client.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration }))
  const get = async () => {
    const { $metadata: _, ...website } = await s3.client.send(new GetBucketWebsiteCommand({ Bucket }))
    return website
  }
  const putRule = (rule: SdkRule) => put({ IndexDocument: { Suffix: 'index.html' }, RoutingRules: [rule] })

  it('answer NoSuchWebsiteConfiguration before a bucket is a website, and once it is none again', async () => {
    await s3.client.send(new DeleteBucketWebsiteCommand({ Bucket }))
    await expect(get()).rejects.toMatchObject({
      name: 'NoSuchWebsiteConfiguration',
      $metadata: { httpStatusCode: 404 },
    })
    await put({ IndexDocument: { Suffix: 'index.html' } })
    expect(await get()).toEqual({ IndexDocument: { Suffix: 'index.html' } })
    await s3.client.send(new DeleteBucketWebsiteCommand({ Bucket }))
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchWebsiteConfiguration' })
  })

  it('give back what was put, rules in their order', async () => {
    const website: SdkWebsite = {
      IndexDocument: { Suffix: 'index.html' },
      ErrorDocument: { Key: 'errors/404 & more.html' },
      RoutingRules: [
        { Condition: { KeyPrefixEquals: 'docs/' }, Redirect: { ReplaceKeyPrefixWith: 'documents/' } },
        { Condition: { HttpErrorCodeReturnedEquals: '404' }, Redirect: { HostName: 'old.example', Protocol: 'https' } },
        { Redirect: { ReplaceKeyWith: 'moved.html', HttpRedirectCode: '307' } },
      ],
    }
    await put(website)
    expect(await get()).toEqual(website)
    await put({ RedirectAllRequestsTo: { HostName: 'example.com' } })
    expect(await get()).toEqual({ RedirectAllRequestsTo: { HostName: 'example.com' } })
  })

  it.each<[string, SdkWebsite, string]>([
    ['an index document with a slash', { IndexDocument: { Suffix: 'a/index.html' } }, 'InvalidArgument'],
    ['an empty index document', { IndexDocument: { Suffix: '' } }, 'InvalidArgument'],
    ['no index document', { ErrorDocument: { Key: '404.html' } }, 'InvalidArgument'],
    ['an empty error document', { IndexDocument: { Suffix: 'i' }, ErrorDocument: { Key: '' } }, 'MalformedXML'],
    [
      'a redirect of all requests with anything beside it',
      { RedirectAllRequestsTo: { HostName: 'a.example' }, IndexDocument: { Suffix: 'i' } },
      'InvalidArgument',
    ],
    ['a redirect of all requests to nowhere', { RedirectAllRequestsTo: { HostName: '' } }, 'MalformedXML'],
  ])('refuse %s', async (_, website, name) => {
    await expect(put(website)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } })
  })

  it.each<[string, SdkRule, string]>([
    ['both replacements', { Redirect: { ReplaceKeyWith: 'a', ReplaceKeyPrefixWith: 'b' } }, 'ReplaceKeyPrefix or'],
    ['a status that is no redirect', { Redirect: { HttpRedirectCode: '300' } }, '(300) is not valid'],
    [
      'a status that is no error',
      { Condition: { HttpErrorCodeReturnedEquals: '200' }, Redirect: { ReplaceKeyWith: 'a' } },
      '(200) is not valid',
    ],
    ['an empty condition', { Condition: {}, Redirect: { ReplaceKeyWith: 'a' } }, 'Condition cannot be empty'],
    ['another protocol', { Redirect: { Protocol: 'ftp' as 'http', HostName: 'a' } }, 'Invalid protocol'],
  ])('refuse a routing rule with %s as InvalidRequest', async (_, rule, words) => {
    const message = expect.stringContaining(words) as unknown
    await expect(putRule(rule)).rejects.toMatchObject({ name: 'InvalidRequest', message })
  })

  it('take 50 routing rules and refuse 51', async () => {
    const rules = Array.from({ length: 51 }, (_, i) => ({ Redirect: { ReplaceKeyWith: `${i}` } }))
    const IndexDocument = { Suffix: 'index.html' }
    await put({ IndexDocument, RoutingRules: rules.slice(1) })
    await expect(put({ IndexDocument, RoutingRules: rules })).rejects.toMatchObject({ name: 'InvalidRequest' })
  })

  it('refuse a document of more than 128 KB', async () => {
    const huge = { IndexDocument: { Suffix: 'i' }, ErrorDocument: { Key: 'k'.repeat(128 * 1024) } }
    await expect(put(huge)).rejects.toMatchObject({ name: 'MaxMessageLengthExceeded' })
  })

  it('are the owner’s alone', async () => {
    expect((await fetch(`${s3.emulator.s3Url}/${Bucket}?website`)).status).toBe(403)
  })

  it('hold what createBucket is given to the same rules', async () => {
    const website = { indexDocument: 'a/b' }
    await expect(s3.emulator.s3.createBucket('refused', { website })).rejects.toThrow('not well formed')
  })
})

it('a website and a policy outlive the emulator where the storage is a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'website-'))
  const Policy = '{"Version":"2012-10-17","Statement":[]}'
  const website = { indexDocument: 'index.html', errorDocument: '404.html' }
  const first = await startEmulatedS3({ storage: { folder } })
  await first.emulator.s3.createBucket(Bucket, { website, publicRead: true })
  await first.client.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  await first.close()

  const second = await startEmulatedS3({ storage: { folder } })
  expect(await second.client.send(new GetBucketWebsiteCommand({ Bucket }))).toMatchObject({
    IndexDocument: { Suffix: 'index.html' },
    ErrorDocument: { Key: '404.html' },
  })
  expect(await second.client.send(new GetBucketPolicyCommand({ Bucket }))).toMatchObject({ Policy })
  await second.close()
  await rm(folder, { recursive: true })
})

describe('bucket policies', () => {
  it('are given back as they were put, and refused when they are no JSON with statements', async () => {
    const s3 = await startEmulatedS3()
    const put = (Policy: string) => s3.client.send(new PutBucketPolicyCommand({ Bucket, Policy }))
    const get = () => s3.client.send(new GetBucketPolicyCommand({ Bucket }))
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' })
    for (const wrong of ['[]', '{', '{"Version":"2012-10-17"}', ' {"Statement":[]}']) {
      await expect(put(wrong)).rejects.toMatchObject({ name: 'MalformedPolicy' })
    }
    await put('{ "Statement": [] }')
    expect((await get()).Policy).toBe('{ "Statement": [] }')
    await s3.client.send(new DeleteBucketPolicyCommand({ Bucket }))
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' })
    await s3.close()
  })
})
