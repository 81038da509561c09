// Where each distribution is reached, noted as the deploy reads it: the summary links to what is live.

import type { Distribution } from '../model.ts'
import type { Distributions } from '../ports.ts'

export interface Addresses {
  /** The same, listened to. */
  readonly distributions: Distributions
  /** `https://www.example.com`; undefined while the distribution was not read. */
  originOf(distributionId: string): string | undefined
}

/** @param verifyUrls what the user calls the site's address comes first */
export function noteAddresses(distributions: Distributions, verifyUrls: readonly string[]): Addresses {
  const known = new Map<string, Distribution>()
  return {
    distributions: {
      ...distributions,
      async describe(distributionId) {
        const described = await distributions.describe(distributionId)
        for (const distribution of described) known.set(distribution.id, distribution)
        return described
      },
    },
    originOf(distributionId) {
      const distribution = known.get(distributionId)
      if (distribution === undefined) return undefined
      const hosts = [...distribution.aliases.filter((alias) => !alias.includes('*')), distribution.domainName]
      const named = verifyUrls.find((url) => hosts.includes(new URL(url).hostname))
      return named ?? `https://${hosts[0] ?? ''}`
    },
  }
}
