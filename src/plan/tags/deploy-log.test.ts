import { describe, expect, it } from 'vitest'
import { logDeploy, NO_DEPLOYS } from './deploy-log.ts'

describe('logDeploy', () => {
  it('counts the first deploy as 1, and not as quiet', () => {
    expect(logDeploy(NO_DEPLOYS, { live: 0, changed: 0, added: 10 })).toEqual({ scheme: 1, deploy: 1, quiet: [] })
  })

  it('calls a deploy quiet when at most a fifth of the live objects changed', () => {
    const log = { scheme: 1, deploy: 4, quiet: [3] } as const
    expect(logDeploy(log, { live: 100, changed: 20, added: 0 })).toEqual({ scheme: 1, deploy: 5, quiet: [5, 3] })
    expect(logDeploy(log, { live: 100, changed: 21, added: 0 })).toEqual({ scheme: 1, deploy: 5, quiet: [3] })
  })

  it('does not count a deploy that uploads nothing', () => {
    const log = { scheme: 1, deploy: 4, quiet: [3] } as const
    expect(logDeploy(log, { live: 100, changed: 0, added: 0 })).toBe(log)
  })

  it('remembers the last sixteen quiet deploys', () => {
    let log = NO_DEPLOYS
    for (let i = 0; i < 30; i += 1) log = logDeploy(log, { live: 10, changed: 0, added: 1 })
    expect(log.quiet).toEqual([30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15])
  })
})
