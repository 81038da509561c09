// The distributions of the account: made, changed, removed, found by id.
// Facts: CloudFront API Reference, CreateDistribution, UpdateDistribution, DeleteDistribution.

import type { EmulatorClock } from '../clock.ts'
import type { XmlElement } from '../xml.ts'
import { ApiError } from './api-error.ts'
import type { Resources } from './behavior-config.ts'
import { completeConfig } from './config-completion.ts'
import type { DistributionConfig } from './distribution-config.ts'
import { checkSentConfig, readDistributionConfig } from './distribution-config.ts'
import { LOWER_CASE, UPPER_CASE } from './seeded-random.ts'
import type { SeededRandom } from './seeded-random.ts'

export interface Distribution {
  readonly id: string
  readonly arn: string
  /** `d111111abcdef8.cloudfront.net`. */
  readonly domainName: string
  /** The version of the config, for If-Match. */
  readonly etag: string
  readonly lastModifiedMs: number
  readonly config: DistributionConfig
  /** The complete config as the API sends it. */
  readonly configXml: XmlElement
  /** Where this stands for a tenant of the distribution, with the tenant's parameters filled in. */
  readonly tenant?: { readonly id: string }
}

/** A distribution as it is kept on disk. */
export interface SavedDistribution {
  readonly id: string
  readonly domainName: string
  readonly etag: string
  readonly lastModifiedMs: number
  readonly configXml: XmlElement
}

export interface Distributions {
  list(): readonly Distribution[]
  find(id: string): Distribution | undefined
  /** @throws {ApiError} `NoSuchDistribution` */
  get(id: string): Distribution
  create(sent: XmlElement): Distribution
  update(id: string, sent: XmlElement, ifMatch: string | undefined): Distribution
  /** @param hasTenants whether it is the template of tenants */
  remove(id: string, ifMatch: string | undefined, hasTenants: boolean): void
}

const ACCOUNT_ID = '123456789012'

export interface DistributionsOptions {
  readonly clock: EmulatorClock
  readonly random: SeededRandom
  readonly resources: Resources
  readonly saved: readonly SavedDistribution[]
  readonly onChange: () => void
}

export function createDistributions(options: DistributionsOptions): Distributions {
  const { clock, random, resources, saved, onChange } = options
  const byId = new Map(saved.map((one) => [one.id, toDistribution(one, resources)]))

  function get(id: string): Distribution {
    const found = byId.get(id)
    if (found === undefined) {
      throw new ApiError('NoSuchDistribution', 404, 'The specified distribution does not exist.')
    }
    return found
  }

  function getForWrite(id: string, ifMatch: string | undefined): Distribution {
    const found = get(id)
    if (ifMatch === undefined || ifMatch === '') {
      throw new ApiError('InvalidIfMatchVersion', 400, 'The If-Match version is missing or not valid for the resource.')
    }
    if (ifMatch !== found.etag) {
      throw new ApiError('PreconditionFailed', 412, 'The request failed because it did not meet the preconditions.')
    }
    return found
  }

  function keep(saving: SavedDistribution): Distribution {
    const distribution = toDistribution(saving, resources)
    checkAliases(distribution, byId)
    byId.set(distribution.id, distribution)
    onChange()
    return distribution
  }

  return {
    list: () => [...byId.values()],
    find: (id) => byId.get(id),
    get,
    create(sent) {
      checkSentConfig(sent)
      const configXml = completeConfig(sent)
      const { callerReference } = readDistributionConfig(configXml, resources)
      if ([...byId.values()].some((other) => other.config.callerReference === callerReference)) {
        throw new ApiError(
          'DistributionAlreadyExists',
          409,
          'The caller reference that you are using to create a distribution is associated with another distribution.',
        )
      }
      return keep({
        id: newName(random, 'E', UPPER_CASE, (id) => byId.has(id)),
        domainName: `${newName(random, 'd', LOWER_CASE, () => false)}.cloudfront.net`,
        etag: `E${random.text(13, UPPER_CASE)}`,
        lastModifiedMs: clock.nowMs(),
        configXml,
      })
    },
    update(id, sent, ifMatch) {
      const before = getForWrite(id, ifMatch)
      checkSentConfig(sent)
      // Fields left out of the update go back to their defaults, as at CloudFront; nothing is purged.
      const configXml = completeConfig(sent)
      if (readDistributionConfig(configXml, resources).callerReference !== before.config.callerReference) {
        throw new ApiError('IllegalUpdate', 400, 'The caller reference of a distribution cannot be changed.')
      }
      const { domainName } = before
      return keep({
        id,
        domainName,
        etag: `E${random.text(13, UPPER_CASE)}`,
        lastModifiedMs: clock.nowMs(),
        configXml,
      })
    },
    remove(id, ifMatch, hasTenants) {
      if (getForWrite(id, ifMatch).config.enabled) {
        throw new ApiError('DistributionNotDisabled', 409, 'The distribution you are trying to delete is not disabled.')
      }
      if (hasTenants) throw new ApiError('ResourceInUse', 409, 'The distribution has distribution tenants.')
      byId.delete(id)
      onChange()
    },
  }
}

function toDistribution(saved: SavedDistribution, resources: Resources): Distribution {
  return {
    ...saved,
    arn: `arn:aws:cloudfront::${ACCOUNT_ID}:distribution/${saved.id}`,
    config: readDistributionConfig(saved.configXml, resources),
  }
}

/** An alias belongs to one distribution only. */
function checkAliases(distribution: Distribution, all: ReadonlyMap<string, Distribution>): void {
  const others = [...all.values()].filter((other) => other.id !== distribution.id)
  const taken = distribution.config.aliases.find((alias) =>
    others.some((other) => other.config.aliases.includes(alias)),
  )
  if (taken !== undefined) {
    throw new ApiError('CNAMEAlreadyExists', 409, `The alias ${taken} is already in use by another distribution.`)
  }
}

function newName(random: SeededRandom, first: string, alphabet: string, isTaken: (name: string) => boolean): string {
  for (;;) {
    const name = `${first}${random.text(13, alphabet)}`
    if (!isTaken(name)) return name
  }
}
