// `--count-account`: the month's free paths are the account's, whoever uses them.

import { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront'
import { afterEach, expect, it } from 'vitest'
import type { Cloud } from './cloud.ts'
import { startCloud } from './cloud.ts'

let cloud: Cloud
afterEach(() => cloud.close())

async function purgeByHand(distributionId: string, count: number): Promise<void> {
  const { cloudFrontUrl, credentials } = cloud.emulator
  const client = new CloudFrontClient({ endpoint: cloudFrontUrl, region: 'us-east-1', credentials })
  const Items = Array.from({ length: count }, (_, index) => `/${index}`)
  const InvalidationBatch = { CallerReference: String(count), Paths: { Quantity: count, Items } }
  await client.send(new CreateInvalidationCommand({ DistributionId: distributionId, InvalidationBatch }))
  client.destroy()
}

it('counts what the account has sent this month, on every distribution, and nothing of the month before', async () => {
  cloud = await startCloud()
  const other = cloud.emulator.cloudFront.createDistribution({ bucket: 'elsewhere' })
  await purgeByHand(other.id, 40)
  await cloud.ports.clock.sleep(10 * 24 * 60 * 60_000)
  await cloud.write({ 'index.html': 'one', 'about.html': 'about' })
  const counted = async (): Promise<number> =>
    (await cloud.deploy({ invalidation: { countsAccount: true } }, { mode: 'plan' })).plan.cost.freeLeft
  expect(await counted()).toBe(1000)
  await purgeByHand(other.id, 7)
  await purgeByHand(cloud.distributionId, 5)
  expect(await counted()).toBe(988)
  expect((await cloud.deploy({}, { mode: 'plan' })).plan.cost.freeLeft).toBe(1000)
})

it('counts what deploys have sent, also those that died before they could write it down', async () => {
  cloud = await startCloud()
  await cloud.write({ 'index.html': 'one', 'about.html': 'about', 'c.html': 'c' })
  await cloud.deploy()
  const left = async (): Promise<number> => (await cloud.deploy({}, { mode: 'plan' })).plan.cost.freeLeft
  expect(await left()).toBe(999)
  await cloud.write({ 'about.html': 'new' })
  const dies = { ...cloud.ports.distributions, readInvalidation: () => Promise.reject(new Error('gone')) }
  await cloud.deploy({}, {}, { ...cloud.ports, distributions: dies })
  expect(await left()).toBe(998)
  await cloud.deploy()
  expect(await left()).toBe(998)
})
