// Does an origin's host name belong to a bucket, and to which of its two endpoints? Pure.

/** `rest`: objects by key; `website`: index documents, redirects and error documents are added. */
export type BucketEndpoint = 'rest' | 'website'

const REGION = '[a-z]{2}(?:-[a-z]+)+-\\d'
/** What follows `bucket.` in each spelling of a bucket's host. */
const REST_SUFFIX = new RegExp(`^s3(?:[.-]${REGION}|\\.dualstack\\.${REGION})?\\.amazonaws\\.com(?:\\.cn)?$`, 'u')
const WEBSITE_SUFFIX = new RegExp(`^s3-website[.-]${REGION}\\.amazonaws\\.com(?:\\.cn)?$`, 'u')

/**
 * @param domainName an origin's `DomainName`: `my.site.s3.eu-west-1.amazonaws.com`
 * @returns undefined when the host is not one of the bucket's; access point aliases carry no bucket name and are not recognised
 * @see CloudFront Developer Guide, "Origin settings": origin domain; Amazon S3 endpoints in the AWS General Reference
 */
export function endpointOfBucket(domainName: string, bucket: string): BucketEndpoint | undefined {
  const host = domainName.toLowerCase()
  // A bucket's name may hold dots, so the bucket is compared whole rather than cut out of the host.
  if (!host.startsWith(`${bucket}.`)) return undefined
  const suffix = host.slice(bucket.length + 1)
  if (REST_SUFFIX.test(suffix)) return 'rest'
  if (WEBSITE_SUFFIX.test(suffix)) return 'website'
  return undefined
}

/**
 * The bucket whose endpoint a host is.
 *
 * @param domainName as for {@link endpointOfBucket}
 * @returns undefined when it is no bucket's
 */
export function bucketOfHost(domainName: string): string | undefined {
  const host = domainName.toLowerCase()
  // From the right: a bucket's name may hold dots, and `s3` too.
  for (let dot = host.lastIndexOf('.s3'); dot > 0; dot = host.lastIndexOf('.s3', dot - 1)) {
    const bucket = host.slice(0, dot)
    if (endpointOfBucket(host, bucket) !== undefined) return bucket
  }
  return undefined
}
