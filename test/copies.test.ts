// Bytes that the bucket has already are not sent again: S3 copies them to their new key, and the state, the edge and the next deploy see
// what they would have seen after an upload.

import { randomBytes } from 'node:crypto'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../src/model.ts'
import type { Ports } from '../src/ports.ts'
import { renderOutcomeText } from '../src/report/text.ts'
import { type Cloud, startCloud } from './cloud.ts'
import { connectS3 } from './emulated-s3.ts'

const MIB = 1024 * 1024
const photo = randomBytes(MIB)

let cloud: Cloud
beforeEach(async () => {
  cloud = await startCloud()
  await cloud.write({ 'index.html': 'Home', 'img/old.jpg': photo })
  await cloud.deploy()
})
afterEach(() => cloud.close())

/** Deploys, and counts the requests that wrote objects of the site. */
async function deployCounting(through: Ports = cloud.ports): Promise<{ outcome: Outcome; sent: [string[], string[]] }> {
  const sent: [string[], string[]] = [[], []]
  const { bucket } = through
  const counting: Ports['bucket'] = {
    ...bucket,
    putFile: (file, options) => (sent[0].push(file.key), bucket.putFile(file, options)),
    copyObject: (file, source, options) => (
      sent[1].push(`${source.key} → ${file.key}`),
      bucket.copyObject(file, source, options)
    ),
  }
  const outcome = await cloud.deploy({}, {}, { ...through, bucket: counting })
  expect([outcome.result, outcome.failures]).toEqual(['fresh', []])
  expect((await cloud.deploy()).result).toBe('nothing to do')
  return { outcome, sent }
}

const objectAt = async (key: string): Promise<unknown> => {
  const { bucket } = cloud.ports
  const { key: _, lastModifiedMs: _time, ...head } = (await bucket.headObject(key)) ?? { key, lastModifiedMs: 0 }
  return { ...head, body: Buffer.from((await bucket.getDocument(key))?.body ?? []).toString('base64') }
}

describe('a deploy', () => {
  it('copies a renamed file of 1 MiB instead of sending it: the object is the same', async () => {
    const uploaded = await objectAt('img/old.jpg')
    await cloud.write({ 'img/old.jpg': undefined, 'img/new.jpg': photo })
    const before = cloud.ports.meter.counts()
    const { outcome, sent } = await deployCounting()
    expect(sent).toEqual([[], ['img/old.jpg → img/new.jpg']])
    expect(outcome.removed).toEqual(['img/old.jpg'])
    expect(await objectAt('img/new.jpg')).toEqual(uploaded)
    expect([outcome.plan.requests.copy, outcome.requests.copy]).toEqual([before.copy + 1, before.copy + 1])
    expect(renderOutcomeText(outcome, { colors: false })).toContain(
      'Uploaded 1 file, 0 B, 1 of them copied in the bucket\n  + img/new.jpg  new, copied from img/old.jpg  1.0 MB',
    )
    expect((await cloud.ask('/img/new.jpg')).map(({ status, headers }) => [status, headers['content-length']])).toEqual(
      Array(3).fill([200, String(MIB)]),
    )
  })

  it('copies every duplicate of what is live', async () => {
    await cloud.write({ 'img/a.jpg': photo, 'img/b.jpg': photo })
    expect((await deployCounting()).sent).toEqual([[], ['img/old.jpg → img/a.jpg', 'img/old.jpg → img/b.jpg']])
  })

  it('copies a file that went up in parts, and knows it again', async () => {
    const film = randomBytes(9 * MIB)
    await cloud.write({ 'film.mp4': film })
    await cloud.deploy()
    await cloud.write({ 'film.mp4': undefined, 'films/one.mp4': film })
    expect((await deployCounting()).sent).toEqual([[], ['film.mp4 → films/one.mp4']])
  })

  it('sends the bytes when their old key is written in the same deploy', async () => {
    await cloud.write({ 'img/old.jpg': randomBytes(MIB), 'img/new.jpg': photo })
    const { sent } = await deployCounting()
    expect([sent[0].toSorted(), sent[1]]).toEqual([['img/new.jpg', 'img/old.jpg'], []])
  })

  it('sends the bytes when somebody else writes to their old key meanwhile', async () => {
    await cloud.write({ 'img/old.jpg': undefined, 'img/new.jpg': photo })
    const s3 = connectS3(cloud.emulator)
    const { bucket } = cloud.ports
    const raced: Ports['bucket'] = {
      ...bucket,
      async copyObject(file, source, options) {
        await s3.send(
          new PutObjectCommand({ Bucket: 'site', Key: source.key, Body: 'another', ContentType: 'image/jpeg' }),
        )
        return bucket.copyObject(file, source, options)
      },
    }
    const { outcome, sent } = await deployCounting({ ...cloud.ports, bucket: raced })
    expect([sent, outcome.removed]).toEqual([[['img/new.jpg'], ['img/old.jpg → img/new.jpg']], ['img/old.jpg']])
    expect(await objectAt('img/new.jpg')).toMatchObject({ body: photo.toString('base64') })
  })
})
