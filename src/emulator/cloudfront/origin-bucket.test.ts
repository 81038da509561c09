import { describe, expect, it } from 'vitest'
import { websiteHost } from '../website-host.ts'
import { bucketOfOrigin, bucketOfWebsite } from './origin-bucket.ts'

describe('bucketOfOrigin', () => {
  it.each([
    ['site.s3.amazonaws.com', 'site'],
    ['site.s3.eu-west-1.amazonaws.com', 'site'],
    ['site.s3-eu-west-1.amazonaws.com', 'site'],
    ['site.s3.dualstack.us-gov-east-1.amazonaws.com', 'site'],
    ['www.example.com.s3.amazonaws.com', 'www.example.com'],
    ['www.s3.eu-west-1.amazonaws.com.s3.eu-west-1.amazonaws.com', 'www.s3.eu-west-1.amazonaws.com'],
    ['site.s3.cn-north-1.amazonaws.com.cn', 'site'],
    ['site.s3-website-us-east-1.amazonaws.com', null],
    ['site.s3-website.eu-central-1.amazonaws.com', null],
    ['s3.amazonaws.com', null],
    ['example.com', null],
  ])('%s is %s', (domainName, bucket) => {
    expect(bucketOfOrigin(domainName)).toBe(bucket)
  })
})

describe('bucketOfWebsite', () => {
  it.each([
    ['my.site.s3-website-us-east-1.amazonaws.com', 'my.site'],
    ['site.s3-website.eu-central-1.amazonaws.com', 'site'],
    ['site.s3-website.cn-north-1.amazonaws.com.cn', 'site'],
    ['site.s3.us-east-1.amazonaws.com', null],
    ['s3-website-us-east-1.amazonaws.com', null],
    ['site.s3-website-us-east-1.example.com', null],
  ])('%s is %s', (domainName, bucket) => {
    expect(bucketOfWebsite(domainName)).toBe(bucket)
  })

  it.each(['us-west-2', 'eu-west-1', 'eu-north-1', 'ap-southeast-3'])(
    'knows the host it would write in %s',
    (region) => {
      expect(bucketOfWebsite(websiteHost('a.b', region))).toBe('a.b')
    },
  )
})
