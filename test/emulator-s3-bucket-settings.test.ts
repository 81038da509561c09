// What the embedded S3 tells of a bucket's settings, and what its policy denies: through the official client.

import {
  GetBucketAclCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Bucket, startEmulatedS3, type EmulatedS3 } from './emulated-s3.ts'

let s3: EmulatedS3

beforeAll(async () => {
  s3 = await startEmulatedS3()
  await s3.emulator.s3.createBucket('open', { objectOwnership: 'ObjectWriter' })
})
afterAll(() => s3.close())

async function deny(principal: unknown, resource: string): Promise<void> {
  const statement = {
    Effect: 'Deny',
    Principal: principal,
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::open/${resource}`,
  }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await s3.client.send(new PutBucketPolicyCommand({ Bucket: 'open', Policy }))
}

describe('bucket settings', () => {
  it('of a new bucket: owner only, everything blocked, never versioned, no policy', async () => {
    const { Grants } = await s3.client.send(new GetBucketAclCommand({ Bucket }))
    expect(Grants?.map(({ Grantee, Permission }) => [Grantee?.Type, Permission])).toEqual([
      ['CanonicalUser', 'FULL_CONTROL'],
    ])
    const { PublicAccessBlockConfiguration } = await s3.client.send(new GetPublicAccessBlockCommand({ Bucket }))
    expect(PublicAccessBlockConfiguration?.IgnorePublicAcls).toBe(true)
    expect((await s3.client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined()
    await expect(s3.client.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NoSuchBucketPolicy',
    })
  })

  it('of an object that was put with public-read: everyone may read it', async () => {
    await s3.put('page.html', '<p>', { Bucket: 'open', ACL: 'public-read' })
    const { Grants } = await s3.client.send(new GetObjectAclCommand({ Bucket: 'open', Key: 'page.html' }))
    expect(Grants?.[1]).toEqual({
      Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
      Permission: 'READ',
    })
    const { PublicAccessBlockConfiguration } = await s3.client.send(new GetPublicAccessBlockCommand({ Bucket: 'open' }))
    expect(PublicAccessBlockConfiguration?.IgnorePublicAcls).toBe(false)
  })
})

describe('a Deny of the bucket policy', () => {
  const read = (key: string) => s3.client.send(new GetObjectCommand({ Bucket: 'open', Key: key }))

  it('of everyone locks the owner out too', async () => {
    await s3.put('secret/a', 'x', { Bucket: 'open' })
    await deny('*', 'secret/*')
    await expect(read('secret/a')).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  it('of CloudFront leaves the owner alone', async () => {
    await s3.put('secret/b', 'x', { Bucket: 'open' })
    await deny({ Service: 'cloudfront.amazonaws.com' }, 'secret/*')
    expect((await read('secret/b')).ContentLength).toBe(1)
  })

  it('of `${*}` means an asterisk', async () => {
    await s3.put('a*b', 'x', { Bucket: 'open' })
    await s3.put('aXb', 'x', { Bucket: 'open' })
    await deny('*', 'a${*}b')
    await expect(read('a*b')).rejects.toMatchObject({ name: 'AccessDenied' })
    expect((await read('aXb')).ContentLength).toBe(1)
  })
})
