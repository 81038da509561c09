// Distribution tenants: sites of their own on one template, a tenant-only distribution, with their own domains and values
// for the `{{parameters}}` in the template's origins.
// Facts: CloudFront API Reference, CreateDistributionTenant; Developer Guide, "Understand how multi-tenant distributions work".

import type { EmulatorClock } from '../clock.ts'
import type { XmlElement } from '../xml.ts'
import { ApiError, invalidArgument } from './api-error.ts'
import type { Resources } from './behavior-config.ts'
import { readDistributionConfig } from './distribution-config.ts'
import type { Distribution, Distributions } from './distributions.ts'
import type { SeededRandom } from './seeded-random.ts'
import { LOWER_CASE, UPPER_CASE } from './seeded-random.ts'
import { mapItems } from './xml-content.ts'

export interface NewTenant {
  /** The template's id. */
  readonly distributionId: string
  readonly name: string
  /** At least one; belongs to this tenant only. */
  readonly domains: readonly string[]
  readonly parameters?: Readonly<Record<string, string>>
  /** Default true. */
  readonly enabled?: boolean
}

export interface Tenant extends Required<NewTenant> {
  /** `dt_` and 27 characters. */
  readonly id: string
  readonly arn: string
  readonly etag: string
  readonly createdMs: number
}

export interface Tenants {
  list(): readonly Tenant[]
  /** By id. */
  find(id: string): Tenant | undefined
  /** By id, ARN or name. Throws `EntityNotFound`. */
  get(identifier: string): Tenant
  /** Throws `EntityNotFound`. */
  getByDomain(domain: string): Tenant
  create(wanted: NewTenant): Tenant
  /** The template as this tenant has it. */
  toDistribution(tenant: Tenant): Distribution
}

export interface TenantsOptions {
  readonly clock: EmulatorClock
  readonly random: SeededRandom
  readonly distributions: Distributions
  readonly resources: Resources
  readonly saved: readonly Tenant[]
  readonly onChange: () => void
}

const ACCOUNT_ID = '123456789012'

export function createTenants(options: TenantsOptions): Tenants {
  const { clock, random, distributions, resources, saved, onChange } = options
  const byId = new Map(saved.map((one) => [one.id, one]))
  /** Of the last version of template and tenant. */
  const resolved = new Map<string, { readonly version: string; readonly distribution: Distribution }>()

  function checkDomains(domains: readonly string[]): void {
    if (domains.length === 0) throw invalidArgument('A distribution tenant needs at least one domain.')
    const taken = [...byId.values()].flatMap((one) => one.domains)
    taken.push(...distributions.list().flatMap(({ config }) => config.aliases))
    const twice = domains.find((domain) => taken.includes(domain))
    if (twice === undefined) return
    throw new ApiError('CNAMEAlreadyExists', 409, `The domain ${twice} is already in use by another resource.`)
  }

  function toDistribution(tenant: Tenant): Distribution {
    const template = distributions.get(tenant.distributionId)
    const version = `${template.etag} ${tenant.etag}`
    const known = resolved.get(tenant.id)
    if (known?.version === version) return known.distribution
    const config = readDistributionConfig(fillParameters(template, tenant.parameters), resources)
    const enabled = config.enabled && tenant.enabled
    const distribution = { ...template, config: { ...config, enabled }, tenant: { id: tenant.id } }
    resolved.set(tenant.id, { version, distribution })
    return distribution
  }

  function getWhere(matches: (tenant: Tenant) => boolean): Tenant {
    const found = [...byId.values()].find(matches)
    if (found === undefined) throw new ApiError('EntityNotFound', 404, 'The distribution tenant was not found.')
    return found
  }

  return {
    list: () => [...byId.values()],
    find: (id) => byId.get(id),
    get: (identifier) => getWhere(({ id, arn, name }) => [id, arn, name].includes(identifier)),
    getByDomain: (domain) => getWhere(({ domains }) => domains.includes(domain.toLowerCase())),
    create(wanted) {
      const template = distributions.find(wanted.distributionId)
      if (template === undefined) throw new ApiError('EntityNotFound', 404, 'The distribution was not found.')
      if (template.config.connectionMode !== 'tenant-only') {
        throw invalidArgument('Only a distribution with ConnectionMode tenant-only can have tenants.')
      }
      if ([...byId.values()].some(({ name }) => name === wanted.name)) {
        throw new ApiError('EntityAlreadyExists', 409, `There is a distribution tenant named "${wanted.name}".`)
      }
      const domains = wanted.domains.map((domain) => domain.toLowerCase())
      checkDomains(domains)
      const id = `dt_${random.text(27, LOWER_CASE + UPPER_CASE.slice(0, 26))}`
      const tenant: Tenant = {
        id,
        arn: `arn:aws:cloudfront::${ACCOUNT_ID}:distribution-tenant/${id}`,
        distributionId: wanted.distributionId,
        name: wanted.name,
        domains,
        parameters: wanted.parameters ?? {},
        enabled: wanted.enabled ?? true,
        etag: `E${random.text(13, UPPER_CASE)}`,
        createdMs: clock.nowMs(),
      }
      fillParameters(template, tenant.parameters)
      byId.set(id, tenant)
      onChange()
      return tenant
    },
    toDistribution,
  }
}

/** The template's config with the parameters in its origins filled in. Throws `InvalidArgument` for one that is missing. */
function fillParameters({ config, configXml }: Distribution, given: Readonly<Record<string, string>>): XmlElement {
  const unknown = Object.keys(given).find((name) => !config.parameters.some((one) => one.name === name))
  if (unknown !== undefined) throw invalidArgument(`The distribution defines no parameter "${unknown}".`)
  const missing = config.parameters.find(({ name, required }) => required && given[name] === undefined)
  if (missing !== undefined) throw invalidArgument(`The parameter "${missing.name}" is required.`)

  const fill = (text: string): string =>
    text.replaceAll(/\{\{([^{}]+)\}\}/g, (_, name: string) => {
      const value = given[name] ?? config.parameters.find((one) => one.name === name)?.defaultValue
      if (value === undefined) throw invalidArgument(`The parameter "${name}" has no value.`)
      return value
    })
  const fillIn = (element: XmlElement): XmlElement =>
    element.name === 'DomainName' || element.name === 'OriginPath' ? { ...element, text: fill(element.text) } : element
  return mapItems(configXml, 'Origins', 'Origin', (origin) => ({ ...origin, children: origin.children.map(fillIn) }))
}
