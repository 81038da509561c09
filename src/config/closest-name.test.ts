import { describe, expect, it } from 'vitest'

import { closestName } from './closest-name.ts'

const names = ['bucket', 'prefix', 'distribution', 'dry-run', 'delete', 'yes', 'force']

describe('closestName', () => {
  it.each([
    ['bukcet', 'bucket'],
    ['distributions', 'distribution'],
    ['distributionId', 'distribution'],
    ['dryrun', 'dry-run'],
    ['DRY_RUN', 'dry-run'],
    ['delet', 'delete'],
  ])('takes %s for %s', (typed, meant) => {
    expect(closestName(typed, names)).toBe(meant)
  })

  it.each(['foo', 'no', 'paths', 'storage-class', ''])('makes nothing of %j', (typed) => {
    expect(closestName(typed, names)).toBeUndefined()
  })
})
