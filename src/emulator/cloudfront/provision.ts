// Makes what a typed shortcut names beside the distribution itself: its own cache policies, and its functions, published.
// The same policy or function asked for twice is made once, so that the account's quotas are not used up.

import { createHash } from 'node:crypto'
import type { FunctionRuntime } from './function-sandbox.ts'
import type { EdgeFunctions } from './functions.ts'
import type { ConfigContext, NewCachePolicy, NewFunction } from './new-distribution.ts'
import { cachePolicyConfigFor } from './new-distribution.ts'
import type { CachePolicies } from './own-cache-policies.ts'
import { readCachePolicyConfig } from './own-cache-policies.ts'

export type Provision = Pick<ConfigContext, 'policyId' | 'functionArn'>

export function createProvision(policies: CachePolicies, functions: EdgeFunctions): Provision {
  return {
    policyId(wanted) {
      if (typeof wanted === 'string') {
        const found = policies
          .list()
          .find(({ id, name }) => [id, name].includes(wanted) || name === `Managed-${wanted}`)
        if (found === undefined) throw new TypeError(`There is no cache policy "${wanted}".`)
        return found.id
      }
      const name = nameFor(wanted)
      const made = policies.list('custom').find((policy) => policy.name === name)
      return (made ?? policies.create(readCachePolicyConfig(cachePolicyConfigFor(name, wanted)))).id
    },
    functionArn(wanted) {
      const version = typeof wanted === 'string' ? { code: wanted } : wanted
      const name = nameFor(version)
      const made = functions.find(name)
      if (made !== undefined) return made.arn
      const runtime: FunctionRuntime = ('runtime' in version ? version.runtime : undefined) ?? 'cloudfront-js-2.0'
      const created = functions.create(name, { comment: '', ...version, runtime })
      return functions.publish(name, created.development.etag).arn
    },
  }
}

function nameFor(wanted: NewCachePolicy | NewFunction): string {
  return `embedded-${createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 16)}`
}
