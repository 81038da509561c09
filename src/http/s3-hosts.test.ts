import { describe, expect, it } from 'vitest'
import { bucketOfHost, endpointOfBucket } from './s3-hosts.ts'

describe('endpointOfBucket', () => {
  it.each([
    ['site.s3.amazonaws.com', 'rest'],
    ['site.s3.eu-west-1.amazonaws.com', 'rest'],
    ['site.s3-eu-west-1.amazonaws.com', 'rest'],
    ['site.s3.dualstack.eu-west-1.amazonaws.com', 'rest'],
    ['site.s3.us-gov-west-1.amazonaws.com', 'rest'],
    ['site.s3.cn-north-1.amazonaws.com.cn', 'rest'],
    ['SITE.s3.eu-west-1.amazonaws.com', 'rest'],
    ['site.s3-website-us-east-1.amazonaws.com', 'website'],
    ['site.s3-website.eu-central-1.amazonaws.com', 'website'],
    ['site.example.com', undefined],
    ['my.site.s3.eu-west-1.amazonaws.com', undefined],
    ['site.old.s3.eu-west-1.amazonaws.com', undefined],
    ['site.s3.eu-west-1.amazonaws.com.evil.example', undefined],
  ])('reads %s, for the bucket "site", as %s', (domainName, endpoint) => {
    expect(endpointOfBucket(domainName, 'site')).toBe(endpoint)
  })

  it('takes a bucket name with dots whole', () => {
    expect(endpointOfBucket('www.example.com.s3.eu-west-1.amazonaws.com', 'www.example.com')).toBe('rest')
    expect(endpointOfBucket('www.example.com.s3.eu-west-1.amazonaws.com', 'example.com')).toBeUndefined()
  })
})

describe('bucketOfHost', () => {
  it.each([
    ['site.s3.eu-west-1.amazonaws.com', 'site'],
    ['www.example.com.s3-website-eu-west-1.amazonaws.com', 'www.example.com'],
    ['old.s3.site.s3.amazonaws.com', 'old.s3.site'],
    ['www.example.com', undefined],
  ])('finds behind %s the bucket %s', (domainName, bucket) => {
    expect(bucketOfHost(domainName)).toBe(bucket)
  })
})
