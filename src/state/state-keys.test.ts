import { expect, it } from 'vitest'
import { debtKey, STATE_FOLDER, stateKey } from './state-keys.ts'

it('keeps state below the prefix, in a folder of its own', () => {
  expect(stateKey('')).toBe('.freshfront/state.json.gz')
  expect(debtKey('blog/')).toBe(`blog/${STATE_FOLDER}pending.json`)
})
