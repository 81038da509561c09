// Where the edge is asked for the URLs of each distribution. Pure.

import { verifyUrlUnclaimed } from '../errors.ts'
import type { Config, Distribution, EdgeAddress } from '../model.ts'

export interface AddressesInput {
  readonly distributions: readonly Distribution[]
  readonly config: Pick<Config, 'verifyUrls' | 'resolve'>
  /** `127.0.0.1:9000`: edge locations that are asked over plain HTTP for each distribution's own domain name. */
  readonly edges: readonly string[]
}

/**
 * Each address of the site goes to the distribution that has its host as an alias or as its domain name; one that none of them has goes to the
 * only distribution there is, since DNS or a proxy may lead there in ways of its own.
 *
 * @throws {FreshfrontError} `VERIFY_URL_UNCLAIMED`
 */
export function planAddresses({ distributions, config, edges }: AddressesInput): EdgeAddress[] {
  const fromSettings = (config.verifyUrls ?? []).flatMap((url) => {
    const origin = new URL(url)
    const claiming = distributions.filter((distribution) => answersTo(origin.hostname, distribution))
    const asked = claiming.length === 0 && distributions.length === 1 ? distributions : claiming
    if (asked.length === 0) throw verifyUrlUnclaimed(url, distributions.flatMap(hostsOf))
    return asked.flatMap(({ id }) =>
      pinsOf(origin, config.resolve ?? []).map((pin) => toAddress(id, origin.origin, pin)),
    )
  })
  const ofEdges = distributions.flatMap(({ id, domainName }) =>
    edges.map((edge) => toAddress(id, `http://${domainName}`, edge)),
  )
  return [...fromSettings, ...ofEdges]
}

/** Each distribution by its own domain name, which reaches it whatever else does. */
export function ownAddresses(distributions: readonly Distribution[]): EdgeAddress[] {
  return distributions.map(({ id, domainName }) => toAddress(id, `https://${domainName}`, undefined))
}

function toAddress(distribution: string, origin: string, address: string | undefined): EdgeAddress {
  return { distribution, origin, ...(address !== undefined && { address }) }
}

function pinsOf(origin: URL, resolve: NonNullable<Config['resolve']>): (string | undefined)[] {
  const port = Number(origin.port) || (origin.protocol === 'https:' ? 443 : 80)
  const pins = resolve.filter((pin) => pin.host === origin.hostname && pin.port === port)
  return pins.length === 0 ? [undefined] : pins.flatMap(({ addresses }) => addresses)
}

/** @see CloudFront Developer Guide, "Use custom URLs": the wildcard of an alias stands for one label or more */
export function answersTo(host: string, distribution: Distribution): boolean {
  return hostsOf(distribution).some((name) =>
    name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name.toLowerCase(),
  )
}

export function hostsOf({ domainName, aliases }: Distribution): string[] {
  return [...aliases, domainName]
}
