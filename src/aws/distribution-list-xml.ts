// The answer to ListDistributions, as far as Freshfront asks: ids, hosts of the origins, staging, tenants. Of anything that does not look as
// CloudFront writes it, it says that it does not understand it. Pure.

import type { DistributionOrigins } from '../ports.ts'

export interface DistributionPage {
  /** Staging distributions left out. */
  readonly distributions: readonly DistributionOrigins[]
  /** Where the next page begins; undefined: this is the last one. */
  readonly nextMarker: string | undefined
}

/** @returns undefined when it is not a whole list of distributions, or has what a general parser should read. @see CloudFront API Reference, ListDistributions */
export function parseDistributionList(xml: string): DistributionPage | undefined {
  const list = /^\s*(?:<\?xml [^>]*\?>)?\s*<DistributionList(?: [^>]*)?>(.*)<\/DistributionList>\s*$/su.exec(xml)?.[1]
  // Entities and the like stand in comments and names only; those are not asked for, so that the plain values can be read as they are.
  if (list === undefined || list.includes('<!')) return undefined
  const summaries = list.match(/<DistributionSummary>.*?<\/DistributionSummary>/gsu) ?? []
  const around = list.replace(/<Items>.*<\/Items>/su, '')
  if (Number(value(around, 'Quantity')) !== summaries.length) return undefined
  const distributions = summaries.map(readSummary)
  if (!distributions.every((each) => each !== undefined)) return undefined
  const nextMarker = value(around, 'NextMarker')
  const isTruncated = value(around, 'IsTruncated')
  if (isTruncated !== 'false' && (isTruncated !== 'true' || !nextMarker)) return undefined
  return {
    distributions: distributions
      .filter(({ isStaging }) => !isStaging)
      .map(({ id, originDomainNames, isMultiTenant }) => ({ id, originDomainNames, isMultiTenant })),
    nextMarker: isTruncated === 'true' ? nextMarker : undefined,
  }
}

function readSummary(summary: string): (DistributionOrigins & { readonly isStaging: boolean }) | undefined {
  // What lies deeper has elements of the same names.
  const origins = /<Origins>.*?<\/Origins>/su.exec(summary)?.[0] ?? ''
  const id = /^<DistributionSummary>\s*<Id>([A-Z0-9]+)<\/Id>/u.exec(summary)?.[1]
  const hosts = (origins.match(/<Origin>.*?<\/Origin>/gsu) ?? []).map((origin) => value(origin, 'DomainName'))
  if (id === undefined || hosts.length !== Number(value(origins, 'Quantity'))) return undefined
  if (!hosts.every((host) => host !== undefined && /^[\w.-]+$/u.test(host))) return undefined
  return {
    id,
    originDomainNames: hosts as string[],
    isMultiTenant: value(summary, 'ConnectionMode') === 'tenant-only',
    isStaging: value(summary, 'Staging') === 'true',
  }
}

/** @returns what stands in the first element of that name; undefined when there is none, or more in it than text */
function value(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<&]*)</${name}>`, 'u').exec(xml)?.[1]
}
