// Which bucket does an origin's domain name stand for? S3's REST and website endpoints, in each spelling.
// Facts: CloudFront Developer Guide, "Origin settings", Origin domain; AWS General Reference, "Amazon S3 endpoints".

const REGION = String.raw`(?!website-)[a-z]{2,}(?:-[a-z]+)+-\d+`

/** Anchored at the right, because bucket names may hold dots. */
const REST_ENDPOINT = new RegExp(
  String.raw`^(?<bucket>.+?)\.s3(?:[.-]${REGION}|\.dualstack\.${REGION})?\.amazonaws\.com(?:\.cn)?$`,
)
const WEBSITE_ENDPOINT = new RegExp(String.raw`^(?<bucket>.+?)\.s3-website[.-]${REGION}\.amazonaws\.com(?:\.cn)?$`)

/** @returns the bucket's name, or null when the host is not an S3 REST endpoint */
export function bucketOfOrigin(domainName: string): string | null {
  return REST_ENDPOINT.exec(domainName.toLowerCase())?.groups?.['bucket'] ?? null
}

/** @returns the bucket's name, or null when the host is not an S3 website endpoint */
export function bucketOfWebsite(domainName: string): string | null {
  return WEBSITE_ENDPOINT.exec(domainName.toLowerCase())?.groups?.['bucket'] ?? null
}
