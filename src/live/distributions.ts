// Which distributions serve the bucket, and how they are configured.

import { endpointOfBucket } from '../http/s3-hosts.ts'
import type { BucketWebsite, Distribution } from '../model.ts'
import type { Bucket, Distributions } from '../ports.ts'

/**
 * @param named ids given by the user; empty: every distribution of the account with the bucket as an origin, since one that is
 *   forgotten stays stale
 * @returns enabled ones only: a disabled distribution answers nobody
 */
export async function readDistributions(
  distributions: Distributions,
  bucket: string,
  named: readonly string[],
): Promise<Distribution[]> {
  const ids = named.length > 0 ? [...new Set(named)] : await findDistributions(distributions, bucket)
  const described = (await Promise.all(ids.map((id) => distributions.describe(id)))).flat()
  // One that was named may have no origin of the bucket, and then there is nothing to purge; the plan says so.
  return described.filter(
    ({ enabled, tenantOf, origins }) => enabled && (tenantOf === undefined || servesBucket(origins, bucket)),
  )
}

/** Ids of every distribution of the account that has the bucket as an origin, or may have: a tenant completes the host's name. */
export async function findDistributions(distributions: Distributions, bucket: string): Promise<string[]> {
  const all = await distributions.list()
  return all
    .filter(({ originDomainNames, isMultiTenant }) => {
      // A tenant's parameters may complete the host's name.
      const hosts = originDomainNames.map((domainName) => ({ domainName }))
      return servesBucket(hosts, bucket) || (isMultiTenant && originDomainNames.some((host) => host.includes('{{')))
    })
    .map(({ id }) => id)
}

function servesBucket(origins: readonly { readonly domainName: string }[], bucket: string): boolean {
  return origins.some(({ domainName }) => endpointOfBucket(domainName, bucket) !== undefined)
}

/** The bucket's website configuration, where a distribution uses the website endpoint. */
export async function readWebsite(
  bucket: Bucket,
  distributions: readonly Distribution[],
): Promise<BucketWebsite | undefined> {
  const hosts = distributions.flatMap(({ origins }) => origins.map(({ domainName }) => domainName))
  return hosts.some((host) => endpointOfBucket(host, bucket.name) === 'website') ? bucket.readWebsite() : undefined
}
