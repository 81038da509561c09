import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { targetOf, usualTarget } from './s3-target.ts'

let dir: string
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'freshfront-target-'))))
afterEach(() => rm(dir, { recursive: true }))

const usual = (options: Partial<Parameters<typeof usualTarget>[0]>): string | undefined => {
  const env = { AWS_CONFIG_FILE: join(dir, 'config'), ...options.env }
  const target = usualTarget({ bucket: 'my-site', region: 'eu-west-1', endpointUrl: undefined, ...options, env })
  return target && target.origin + target.basePath
}

describe('where requests to a bucket go', () => {
  it('is its own host in its region, or its path at the endpoint that is named', () => {
    expect(usual({})).toBe('https://my-site.s3.eu-west-1.amazonaws.com')
    expect(usual({ endpointUrl: 'http://127.0.0.1:9000' })).toBe('http://127.0.0.1:9000/my-site')
    expect(usual({ endpointUrl: 'https://s3.example.com/store/', region: 'garage' })).toBe(
      'https://s3.example.com/store/my-site',
    )
  })

  it('is for the SDK to say where anything is unusual', async () => {
    expect(usual({ region: undefined })).toBeUndefined()
    expect(usual({ region: 'cn-north-1' })).toBeUndefined()
    expect(usual({ region: 'us-gov-west-1' })).toBeUndefined()
    expect(usual({ bucket: 'www.example.com' })).toBeUndefined()
    expect(usual({ bucket: 'arn:aws:s3:eu-west-1:123456789012:accesspoint/mine' })).toBeUndefined()
    expect(usual({ env: { AWS_USE_FIPS_ENDPOINT: 'true' } })).toBeUndefined()
    expect(usual({ env: { AWS_USE_DUALSTACK_ENDPOINT: 'true' } })).toBeUndefined()
    await writeFile(join(dir, 'config'), '[default]\nregion = eu-west-1\n')
    expect(usual({})).toBe('https://my-site.s3.eu-west-1.amazonaws.com')
    await writeFile(join(dir, 'config'), '[default]\nendpoint_url = http://127.0.0.1:9000\n')
    expect(usual({})).toBeUndefined()
    // A folder, which cannot be read as a file.
    expect(usual({ env: { AWS_CONFIG_FILE: dir } })).toBeUndefined()
  })

  it('follows the SDK to another region, and nowhere else', () => {
    const place = { bucket: 'my-site', endpointUrl: undefined }
    const headers = {
      authorization: 'AWS4-HMAC-SHA256 Credential=AKIA/20261123/eu-central-1/s3/aws4_request, SignedHeaders=host',
    }
    const seen = (hostname: string): unknown => targetOf({ hostname, headers }, place)
    expect(seen('my-site.s3.eu-central-1.amazonaws.com')).toMatchObject({
      origin: 'https://my-site.s3.eu-central-1.amazonaws.com',
      region: 'eu-central-1',
    })
    expect(seen('localhost')).toBeUndefined()
    expect(seen('my-site.s3.evil.example')).toBeUndefined()
    expect(targetOf({ hostname: 'my-site.s3.eu-central-1.amazonaws.com', headers: {} }, place)).toBeUndefined()
    const custom = { bucket: 'my-site', endpointUrl: 'http://127.0.0.1:9000' }
    expect(targetOf({ hostname: '127.0.0.1', headers }, custom)).toMatchObject({ region: 'eu-central-1' })
    expect(targetOf({ hostname: 'other', headers }, custom)).toBeUndefined()
  })
})
