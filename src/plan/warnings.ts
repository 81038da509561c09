// What is worth knowing about a site or its distributions and stops nothing. Pure.

import { quote } from '../errors.ts'
import { endpointOfBucket } from '../http/s3-hosts.ts'
import type { Finding, LiveSnapshot, SiteSnapshot } from '../model.ts'
import { tagMetadataName } from './cache-tags.ts'

export function findWarnings(site: SiteSnapshot, live: LiveSnapshot): Finding[] {
  const warnings: Finding[] = []
  if (live.distributions.length === 0) {
    warnings.push({
      code: 'NO_DISTRIBUTION',
      message: `No CloudFront distribution of this account serves the bucket ${live.bucket}, so there is no cache to refresh.`,
    })
  }
  for (const distribution of live.distributions) {
    if (distribution.cacheTagHeader === undefined || tagMetadataName(distribution) !== undefined) continue
    warnings.push({
      code: 'TAG_HEADER_NOT_METADATA',
      message: `${distribution.id} looks for cache tags in the header ${distribution.cacheTagHeader}, which S3 does not send; with x-amz-meta-cache-tag Freshfront could purge by tag.`,
    })
  }
  for (const { id, origins } of live.distributions) {
    const ours = origins.filter(({ domainName }) => endpointOfBucket(domainName, live.bucket) !== undefined)
    const reaching = ours.filter(
      ({ originPath }) =>
        `${originPath}/`.startsWith(`/${live.prefix}`) || `/${live.prefix}`.startsWith(`${originPath}/`),
    )
    if (reaching.length > 0) continue
    warnings.push({
      code: 'DISTRIBUTION_ELSEWHERE',
      message: `No origin of ${id} is known to lead to s3://${live.bucket}/${live.prefix}: check --distribution, --prefix and its origin path.`,
    })
  }
  const unread = site.skipped.filter((file) => file.reason === 'never-deployed').map((file) => quote(file.path))
  if (unread.length > 0) {
    const more = unread.length > 5 ? ` and ${unread.length - 5} more` : ''
    warnings.push({
      code: 'NEVER_DEPLOYED',
      message: `Left in the folder, since such files are not for the public: ${unread.slice(0, 5).join(', ')}${more}.`,
    })
  }
  return warnings
}
