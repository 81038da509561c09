// Which distributions serve the bucket, and how they are configured.

import { endpointOfBucket } from '../http/s3-hosts.ts'
import type { Distribution } from '../model.ts'
import type { Distributions } from '../ports.ts'

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
  const described = await Promise.all(ids.map((id) => distributions.describe(id)))
  return described.filter((distribution) => distribution.enabled)
}

async function findDistributions(distributions: Distributions, bucket: string): Promise<string[]> {
  const all = await distributions.list()
  return all
    .filter(({ originDomainNames }) => originDomainNames.some((host) => endpointOfBucket(host, bucket) !== undefined))
    .map(({ id }) => id)
}
