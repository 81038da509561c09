// Promise P6: a saved plan is applied as it is, or refused because the world has moved, and then nothing is written.

import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Outcome, SavedPlan } from '../src/model.ts'
import { type Cloud, startCloud } from './cloud.ts'
import { connectS3 } from './emulated-s3.ts'

let cloud: Cloud
beforeEach(async () => {
  cloud = await startCloud()
  await cloud.write({ 'index.html': 'one', 'about.html': 'about', 'old.html': 'old' })
  await cloud.deploy()
})
afterEach(() => cloud.close())

/** As the file does it: what is not JSON is lost. */
async function plan(): Promise<{ planned: Outcome; saved: SavedPlan }> {
  const planned = await cloud.deploy({}, { mode: 'plan' })
  return { planned, saved: JSON.parse(JSON.stringify(planned.saved)) as SavedPlan }
}

/** Requests that write, until then and after. */
async function refused(saved: SavedPlan, config = {}): Promise<string> {
  const before = await listing()
  const error = await cloud.deploy(config, { saved }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'PLAN_OUTDATED', errorClass: 'conflict' })
  expect(await listing()).toEqual(before)
  return (error as Error).message
}

async function listing(): Promise<string[]> {
  const found: string[] = []
  for await (const page of cloud.ports.bucket.listObjects(''))
    found.push(...page.map(({ key, etag }) => `${key} ${etag}`))
  return found.filter((row) => !row.startsWith('.freshfront/lock.json'))
}

describe('a saved plan', () => {
  it('is carried out exactly, under the name that it was given, however much later', async () => {
    await cloud.write({ 'index.html': 'two', 'new.html': 'new', 'old.html': undefined })
    const { planned, saved } = await plan()
    cloud.advance(3 * 60 * 60_000)
    const outcome = await cloud.deploy({}, { saved })
    expect(outcome.result).toBe('fresh')
    const { requests: _1, warnings: _2, ...done } = outcome.plan
    expect(done).toEqual({ ...planned.plan, requests: undefined, warnings: undefined })
    expect((await cloud.ask('/')).map(({ body }) => body)).toEqual(['two', 'two', 'two'])
  })

  it('is refused a second time: it is live already', async () => {
    await cloud.write({ 'index.html': 'two' })
    const { saved } = await plan()
    await cloud.deploy({}, { saved })
    expect(await refused(saved)).toMatch(/In the bucket "index.html" changed\. The last release is .*; it was /)
  })

  it('is refused when a file has changed, come or gone', async () => {
    const { saved } = await plan()
    await cloud.write({ 'index.html': 'six', 'new.html': 'new', 'old.html': undefined })
    expect(await refused(saved)).toBe(
      'The world has moved since the plan was made. On the disk "index.html" changed; "new.html" is new; "old.html" is gone.',
    )
  })

  it('is refused when somebody else has written to the bucket', async () => {
    await cloud.write({ 'index.html': 'two' })
    const { saved } = await plan()
    const s3 = connectS3(cloud.emulator)
    await s3.send(new PutObjectCommand({ Bucket: 'site', Key: 'about.html', Body: 'edited by hand' }))
    s3.destroy()
    expect(await refused(saved)).toBe(
      'The world has moved since the plan was made. In the bucket "about.html" changed.',
    )
  })

  it('is refused when a distribution is configured otherwise, or another one serves the bucket', async () => {
    await cloud.write({ 'index.html': 'two' })
    const { saved } = await plan()
    const { id } = cloud.emulator.cloudFront.createDistribution({ bucket: 'site', defaultRootObject: 'start.html' })
    expect(await refused(saved)).toBe(
      `The world has moved since the plan was made. Of the distributions "${id}" is new.`,
    )
  })

  it('is refused with other settings', async () => {
    await cloud.write({ 'index.html': 'two' })
    const { saved } = await plan()
    expect(await refused(saved, { cacheControl: 'no-cache' })).toMatch(/The settings are others\./)
  })

  it('is refused when a deploy that died has begun to write since', async () => {
    await cloud.write({ 'index.html': 'two' })
    const { saved } = await plan()
    const dies = { ...cloud.ports.bucket, putFile: () => Promise.reject(new Error('the machine is gone')) }
    await cloud.deploy({}, {}, { ...cloud.ports, bucket: dies })
    expect(await refused(saved)).toMatch(/another deploy has begun/)
  })

  it('still asks for confirmation where a guard says no', async () => {
    await cloud.write({ 'old.html': undefined })
    const planned = await cloud.deploy({ maxDelete: 0 }, { mode: 'plan' })
    const saved = planned.saved as SavedPlan
    expect((await cloud.deploy({ maxDelete: 0 }, { saved })).result).toBe('refused')
    expect((await cloud.deploy({ maxDelete: 0, yes: true }, { saved })).result).toBe('fresh')
  })
})
