import { describe, expect, it } from 'vitest'
import { nameRelease, readSharding } from './sharding.ts'

const codeOf = (task: () => unknown): unknown => {
  try {
    return task()
  } catch (error) {
    return (error as { readonly code: string }).code
  }
}

describe('--shard and --finish', () => {
  it('say which share of how many, or that all are there', () => {
    expect(readSharding({}, 'deploy')).toBeUndefined()
    expect(readSharding({ shard: '3/16', releaseName: 'run-7' }, 'deploy')).toEqual({
      kind: 'shard',
      shard: { index: 3, count: 16 },
      name: 'run-7',
    })
    expect(readSharding({ finish: true }, 'plan')).toEqual({ kind: 'finish', name: undefined })
  })

  it.each(['0/16', '17/16', '3', '3/', '/16', '-1/4', '1.5/4', 'a/b', '1/1001', ''])('refuse %j', (shard) => {
    expect(codeOf(() => readSharding({ shard }, 'deploy'))).toBe('SHARD_INVALID')
  })

  it.each([
    [{ shard: '1/2', finish: true }, 'deploy', 'ARGUMENTS_INVALID'],
    [{ releaseName: 'run-7' }, 'deploy', 'ARGUMENTS_INVALID'],
    [{ shard: '1/2' }, 'plan', 'ARGUMENTS_INVALID'],
    [{ finish: true, plan: 'plan.json' }, 'deploy', 'ARGUMENTS_INVALID'],
    [{ finish: true, releaseName: '../lock' }, 'deploy', 'RELEASE_NAME_INVALID'],
    [{ finish: true, releaseName: '' }, 'deploy', 'RELEASE_NAME_INVALID'],
  ] as const)('refuse %j in a %s', (flags, mode, code) => {
    expect(codeOf(() => readSharding(flags, mode))).toBe(code)
  })

  it('are of the release that is named, else of the CI run, else of the commit', () => {
    const commit = { id: 'a1b2c3' }
    expect(nameRelease('mine', { GITHUB_RUN_ID: '77' }, commit)).toBe('mine')
    expect(nameRelease(undefined, { GITHUB_RUN_ID: '77', CI_PIPELINE_ID: '' }, commit)).toBe('77')
    expect(nameRelease(undefined, { BITBUCKET_PIPELINE_UUID: '{0f-1}' }, commit)).toBe('0f-1-')
    expect(nameRelease(undefined, {}, commit)).toBe('a1b2c3')
    expect(codeOf(() => nameRelease(undefined, {}, undefined))).toBe('RELEASE_NAME_MISSING')
  })
})
