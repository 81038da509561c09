// A bucket of another region than requests are signed for at first: the right one is learnt from the first answer, once.

import { afterEach, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator, type HttpResponse } from '../src/emulator/index.ts'
import { freshfront, write, type Ended } from './program.ts'

let emulator: Emulator
let log: string[]

/** As S3 answers at the endpoint of another region than the bucket's. @see Amazon S3 User Guide, "Making requests" */
const redirected: HttpResponse = {
  status: 301,
  headers: { 'Content-Type': 'application/xml', 'x-amz-bucket-region': 'eu-west-1' },
  body: Buffer.from('<Error><Code>PermanentRedirect</Code><Message>Use the other endpoint.</Message></Error>'),
}

async function deploy(env: Record<string, string>): Promise<Ended> {
  log = []
  emulator = await startEmulator({
    region: 'eu-west-1',
    intercept(service, { method, headers }) {
      if (method === 'PUT' && headers['user-agent']?.includes('aws-sdk') === true) log.push('PUT by the SDK')
      if (service !== 's3' || !headers['authorization']?.includes('/us-east-1/s3/')) return undefined
      log.push('301')
      return redirected
    },
    requestLog: ({ service, method, status }) => void (service === 's3' && log.push(`${method} ${status}`)),
  })
  await emulator.s3.createBucket('my-site')
  for (let page = 0; page < 30; page += 1) await write(`public/${page}.html`, `page ${page}`)
  return freshfront(['deploy', 'public', '--bucket', 'my-site', '--quiet'], {
    AWS_ENDPOINT_URL_S3: emulator.s3Url,
    AWS_ENDPOINT_URL_CLOUDFRONT: emulator.cloudFrontUrl,
    AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
    ...env,
  })
}
afterEach(() => emulator.close())

const files = (): string[] => log.filter((request) => request === 'PUT 200')

describe('a bucket of another region', () => {
  it('is found where no region is named, by one request, not by each', async () => {
    const { exitCode, stderr } = await deploy({})
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(files().length).toBeGreaterThan(30)
    expect(log.filter((request) => request === '301')).toEqual(['301'])
    // From then on by the short way.
    expect(log).not.toContain('PUT by the SDK')
  })

  it('is an error where another one is named, which says the right one', async () => {
    const { exitCode, stderr } = await deploy({ AWS_REGION: 'us-east-1' })
    expect([exitCode, files()]).toEqual([1, []])
    expect(stderr).toContain('The bucket "my-site" is not in us-east-1 but in eu-west-1.')
  })
})
