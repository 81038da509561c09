// Who answers to a host name: a distribution by alias or domain name, or a tenant by its domain.

import type { Distribution, Distributions } from './distributions.ts'
import type { Tenants } from './tenants.ts'

export interface Sites {
  /**
   * By alias, tenant's domain, domain name or `<id>.localhost`; else the only one that is enabled, so that
   * `http://127.0.0.1:PORT/` can be browsed. A tenant is answered as its template with the tenant's parameters.
   */
  findByHost(host: string): Distribution | undefined
  /** @param id of a distribution or a tenant */
  find(id: string): Distribution | undefined
}

interface Named {
  readonly site: Distribution
  /** Aliases or domains; may be `*.example.com`. */
  readonly names: readonly string[]
  /** Names that cannot be a wildcard. */
  readonly ownNames: readonly string[]
}

export function createSites(distributions: Distributions, tenants: Tenants): Sites {
  function listNamed(): Named[] {
    const direct = distributions.list().filter(({ config }) => config.connectionMode === 'direct')
    return [
      ...direct.map((site) => ({
        site,
        names: site.config.aliases,
        ownNames: [site.domainName, `${site.id.toLowerCase()}.localhost`],
      })),
      ...tenants.list().map((tenant) => ({
        site: tenants.toDistribution(tenant),
        names: tenant.domains,
        ownNames: [`${tenant.id.toLowerCase()}.localhost`],
      })),
    ]
  }

  return {
    findByHost(hostAndPort) {
      const host = hostAndPort.replace(/:\d+$/, '').toLowerCase()
      const all = listNamed()
      // An exact alias beats a wildcard one.
      const wildcard = host.replace(/^[^.]+/, '*')
      const named =
        all.find(({ names }) => names.includes(host)) ??
        all.find(({ ownNames }) => ownNames.includes(host)) ??
        all.find(({ names }) => names.includes(wildcard))
      if (named !== undefined) return named.site
      // Staging distributions are reached by way of their primary only.
      const open = all.filter(({ site }) => site.config.enabled && !site.config.staging)
      return open.length === 1 ? open[0]?.site : undefined
    },
    find(id) {
      const tenant = tenants.find(id)
      return tenant === undefined ? distributions.find(id) : tenants.toDistribution(tenant)
    },
  }
}
