// freshfront verify: read what is live → the URLs to ask for → ask. Writes nothing and purges nothing.

import { createHash } from 'node:crypto'
import { resultOfVerification, verifyEdges } from './apply/verify.ts'
import { nothingDeployed } from './errors.ts'
import { compileFunctions } from './functions/compile-functions.ts'
import { sameMetadata } from './http/metadata.ts'
import { readDistributions, readWebsite } from './live/distributions.ts'
import type { Config, OnEvent, SiteSnapshot, SiteState, SiteVerification } from './model.ts'
import { ownAddresses, planAddresses } from './plan/edge-addresses.ts'
import { differsOnlyInIgnored } from './plan/ignored.ts'
import { truthOfState } from './plan/key-truth.ts'
import { placeRedirects } from './plan/redirect-objects.ts'
import { planChecks } from './plan/verification.ts'
import type { Ports } from './ports.ts'
import { scanSite } from './site/scan.ts'
import { readSiteState } from './state/site-state.ts'

export interface VerifySiteOptions {
  /** Ask for every URL, however many there are, instead of a sample. */
  readonly all: boolean
  /** As for a deploy. */
  readonly edges?: readonly string[]
  readonly onEvent?: OnEvent
  readonly signal?: AbortSignal
}

/**
 * Asks the edge for what the last completed release put live. Without an address in the settings it asks each distribution by its own
 * domain name.
 *
 * @throws {FreshfrontError} `NOTHING_DEPLOYED`, `VERIFY_URL_UNCLAIMED`, and what reading the folder and the bucket throws
 */
export async function verifySite(config: Config, ports: Ports, options: VerifySiteOptions): Promise<SiteVerification> {
  const startMs = ports.clock.nowMs()
  const { bucket, prefix } = config
  const onEvent = options.onEvent ?? (() => undefined)
  const site = await scanSite(config.dir, { ...config, onEvent, ...(options.signal && { signal: options.signal }) })
  const state = await readSiteState(ports.bucket, prefix)
  if (state === undefined) throw nothingDeployed(bucket, prefix)

  const distributions = await readDistributions(ports.distributions, bucket, config.distributions)
  const planned = planAddresses({ distributions, config, edges: options.edges ?? [] })
  const addresses = planned.length === 0 ? ownAddresses(distributions) : planned
  const website = await readWebsite(ports.bucket, distributions)
  const functions = await compileFunctions(distributions)
  const checks = planChecks({
    targets: distributions.map((distribution) => ({
      space: {
        bucket,
        distribution,
        website,
        urls: config.urls,
        runFunction: (name, uri, host) => functions.run(name, uri, host),
      },
      keys: undefined,
    })),
    allKeys: Object.keys(state.objects),
    truthOf: truthOfState(state, prefix),
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    ...(options.all && { maxChecks: Infinity }),
  })
  functions.dispose()
  const { verification } = await verifyEdges(checks, addresses, ports, { onEvent, signal: options.signal })
  return {
    bucket,
    prefix,
    release: state.release,
    result: verification.urls === 0 ? 'unverified' : resultOfVerification(verification),
    notDeployed: countNotDeployed(placeRedirects(site, { bucket, distributions }), state),
    verification,
    seconds: (ports.clock.nowMs() - startMs) / 1000,
  }
}

function countNotDeployed(site: SiteSnapshot, state: SiteState): number {
  const recorded = new Map(Object.entries(state.objects))
  return site.files.filter((file) => {
    const { key, sha256, metadata } = file
    const record = recorded.get(key)
    if (record !== undefined && differsOnlyInIgnored(file, record)) return false
    return record?.sha256 !== sha256 || !sameMetadata(record.metadata, metadata)
  }).length
}
