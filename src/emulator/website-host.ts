// Host names of website endpoints: which bucket one asks for, and what a bucket's own is.
// Facts: AWS General Reference, "Amazon S3 endpoints and quotas", Amazon S3 website endpoints.

export interface WebsiteHost {
  readonly bucket: string
  /** `undefined` where the name has none: `my-site.s3-website.localhost`. */
  readonly region: string | undefined
}

/** Bucket names may hold dots, so what stands left of `.s3-website` is theirs whole. */
const WEBSITE_HOST =
  /^(?<bucket>.+?)\.s3-website(?:[.-](?<region>[a-z]{2}[a-z0-9-]+))?\.(?:amazonaws\.com(?:\.cn)?|localhost)$/

/** Regions older than the rule that a dot stands before the region. */
const REGIONS_AFTER_HYPHEN = new Set([
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-west-1',
  'sa-east-1',
  'us-east-1',
  'us-gov-west-1',
  'us-west-1',
  'us-west-2',
])

/** `undefined` when the `Host` header (with or without a port) names no website endpoint. */
export function readWebsiteHost(host: string): WebsiteHost | undefined {
  const found = WEBSITE_HOST.exec(host.replace(/:\d+$/, '').toLowerCase())?.groups
  return found?.['bucket'] === undefined ? undefined : { bucket: found['bucket'], region: found['region'] }
}

/** `my-site.s3-website-us-east-1.amazonaws.com`, `my-site.s3-website.eu-central-1.amazonaws.com`. */
export function websiteHost(bucket: string, region: string): string {
  return `${bucket}.s3-website${REGIONS_AFTER_HYPHEN.has(region) ? '-' : '.'}${region}.amazonaws.com`
}
