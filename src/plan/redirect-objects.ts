// Redirects that lie in the bucket, where every way to the bucket understands them. Pure.

import { endpointOfBucket } from '../http/s3-hosts.ts'
import type { LiveSnapshot, SiteSnapshot } from '../model.ts'

/** Whether nobody reaches the bucket other than by its website endpoint; by the REST endpoint a redirect is an empty page. */
export function usesOnlyWebsite({ bucket, distributions }: Pick<LiveSnapshot, 'bucket' | 'distributions'>): boolean {
  return distributions.every(({ origins }) =>
    origins.every(({ domainName }) => endpointOfBucket(domainName, bucket) !== 'rest'),
  )
}

/** @returns the site with its redirects among its files, where they can be made; in place of files only where the rule is forced */
export function placeRedirects(site: SiteSnapshot, live: Pick<LiveSnapshot, 'bucket' | 'distributions'>): SiteSnapshot {
  const { redirectFiles = [], files } = site
  if (redirectFiles.length === 0 || !usesOnlyWebsite(live)) return site
  const placed = new Map([...files, ...redirectFiles].map((file) => [file.key, file]))
  return { ...site, files: [...placed.values()].toSorted((one, other) => compareBytes(one.key, other.key)) }
}

function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
