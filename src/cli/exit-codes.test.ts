import { describe, expect, it } from 'vitest'

import { bucketNotGiven, FreshfrontError, sourceEmpty, stateTooNew } from '../errors.ts'
import type { Outcome } from '../model.ts'
import { exitCodeAfterSignal, exitCodeOfError, exitCodeOfOutcome, exitCodeOfShard } from './exit-codes.ts'

describe('exit codes', () => {
  it.each([
    ['a wrong configuration', bucketNotGiven(), 2],
    ["a guard's refusal", sourceEmpty('/site'), 3],
    ['a state that a newer version wrote', stateTooNew('state.json.gz', 2), 4],
    ['a site not seen to be fresh', new FreshfrontError('X', 'x', { fix: 'x', errorClass: 'unverified' }), 5],
    ['any other failure', new FreshfrontError('X', 'x', { fix: 'x' }), 1],
    ['an error nobody foresaw', new TypeError('x'), 1],
    ['what is no error at all', 'x', 1],
  ])('%s ends with its number', (_, error, exitCode) => {
    expect(exitCodeOfError(error)).toBe(exitCode)
  })

  it.each<[Outcome['result'], number]>([
    ['planned', 0],
    ['nothing to do', 0],
    ['live', 0],
    ['fresh', 0],
    ['superseded', 0],
    ['refused', 3],
    ['stale', 5],
    ['unverified', 5],
    ['failed', 1],
  ])('an outcome that is "%s" ends with %i', (result, exitCode) => {
    expect(exitCodeOfOutcome({ result } as Outcome)).toBe(exitCode)
  })

  it.each([
    ['uploaded', 0],
    ['superseded', 0],
    ['refused', 3],
    ['failed', 1],
  ] as const)('a shard that is "%s" ends with %i', (result, exitCode) => {
    expect(exitCodeOfShard({ result, failures: [] })).toBe(exitCode)
  })

  it('a run that a signal cut short says which, a complete one is complete', () => {
    expect(exitCodeAfterSignal(1, 'SIGINT')).toBe(130)
    expect(exitCodeAfterSignal(1, 'SIGTERM')).toBe(143)
    expect(exitCodeAfterSignal(0, 'SIGINT')).toBe(0)
    expect(exitCodeAfterSignal(3, undefined)).toBe(3)
  })
})
