// --trust-state: a deploy that lists nothing, what it says of itself, and when it lists all the same.

import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Outcome } from '../src/model.ts'
import { type Cloud, startCloud } from './cloud.ts'

let cloud: Cloud
let log: string[]
beforeEach(async () => {
  log = []
  cloud = await startCloud({ emulator: { requestLog: ({ method, target }) => void log.push(`${method} ${target}`) } })
  await cloud.write({ 'index.html': 'one', 'about.html': 'about', 'old.html': 'old' })
})
afterEach(() => cloud.close())

const trust = (mode: 'deploy' | 'plan' = 'deploy'): Promise<Outcome> => {
  log.length = 0
  return cloud.deploy({ trustState: true }, { mode })
}
const listings = (): string[] => log.filter((request) => request.includes('list-type=2'))
const codes = ({ plan }: Outcome): string[] => plan.warnings.map(({ code }) => code)

it('lists nothing, uploads, removes and purges what has changed since the last deploy, and says what it cannot notice', async () => {
  await cloud.deploy()
  await cloud.write({ 'index.html': 'two', 'new.html': 'new', 'old.html': undefined })
  const outcome = await trust()
  expect(listings()).toEqual([])
  expect(outcome).toMatchObject({ result: 'fresh', uploaded: [{ key: 'new.html' }, { key: 'index.html' }] })
  expect(outcome.removed).toEqual(['old.html'])
  expect(codes(outcome)).toEqual(['STATE_TRUSTED'])
  expect((await cloud.ask('/index.html')).map(({ body }) => body)).toContain('two')
  expect(await cloud.deploy()).toMatchObject({ result: 'nothing to do' })
  expect(await trust()).toMatchObject({ result: 'nothing to do' })
})

it('does not put right what others have changed, as the warning says; the next listing does', async () => {
  await cloud.deploy()
  await cloud.ports.bucket.putDocument('about.html', Buffer.from('by hand'), 'text/html')
  expect(await trust()).toMatchObject({ result: 'nothing to do' })
  expect((await cloud.deploy()).uploaded).toMatchObject([{ key: 'about.html' }])
})

it('lists, and says so, where nothing was ever deployed', async () => {
  const outcome = await trust()
  expect([listings().length, codes(outcome), outcome.result]).toEqual([1, ['STATE_NOT_TRUSTED'], 'fresh'])
})

it('lists, and says so, where a run that died has left a debt: what it owes is not as the state says', async () => {
  await cloud.deploy()
  await cloud.write({ 'index.html': 'two' })
  const dying = {
    ...cloud.ports,
    distributions: { ...cloud.ports.distributions, createInvalidation: () => Promise.reject(new Error('dead')) },
  }
  await cloud.deploy({}, {}, dying)
  await cloud.write({ 'index.html': 'one' })
  const outcome = await trust()
  expect([listings().length, codes(outcome), outcome.result]).toEqual([1, ['STATE_NOT_TRUSTED'], 'fresh'])
  expect((await cloud.ask('/index.html')).map(({ body }) => body)).toEqual(cloud.emulator.edges.map(() => 'one'))
})

it('shows in a plan what the deploy will do, with the same warning', async () => {
  await cloud.deploy()
  await cloud.write({ 'index.html': 'two' })
  const planned = await trust('plan')
  expect([listings(), codes(planned)]).toEqual([[], ['STATE_TRUSTED']])
  expect(planned.plan.uploads.map(({ key }) => key)).toEqual(['index.html'])
})
