// The peers, each with the options its documentation gives for a site, all told to remove what is gone.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram, firstLine } from './program.ts'
import { UPLOADS_AT_ONCE, type Tool } from './tool.ts'

export async function findHugo(): Promise<Tool | undefined> {
  const file = await findProgram('hugo')
  if (file === undefined || (await firstLine(file, ['deploy', '--help'])) === undefined) return undefined
  return {
    id: 'hugo',
    name: 'hugo deploy',
    kind: 'peer',
    version: ((await firstLine(file, ['version'])) ?? '').split(' ').slice(0, 2).join(' '),
    shown: 'hugo deploy --maxDeletes -1',
    async prepare({ site, bucket, folder, servers }) {
      const url = `s3://${bucket}?endpoint=${servers.s3Url}&s3ForcePathStyle=true&region=us-east-1`
      const settings = [`publishDir = "${site.dir}"`, '[[deployment.targets]]', 'name = "bench"', `URL = "${url}"`]
      await writeFile(join(folder, 'hugo.toml'), `${settings.join('\n')}\n`)
      return { file, args: ['deploy', '--source', folder, '--maxDeletes', '-1'] }
    },
  }
}

/** With --checksum, or it would send everything again that has a new mtime; with --fast-list, which its page on S3 advises. */
export async function findRclone(): Promise<Tool | undefined> {
  const file = await findProgram('rclone')
  if (file === undefined) return undefined
  const options = ['--checksum', '--fast-list', '--transfers', `${UPLOADS_AT_ONCE}`, '--checkers', `${UPLOADS_AT_ONCE}`]
  return {
    id: 'rclone',
    name: 'rclone sync',
    kind: 'peer',
    version: (await firstLine(file, ['version'])) ?? '',
    shown: `rclone sync ${options.join(' ')} public s3:my-site`,
    async prepare({ site, bucket, folder, servers }) {
      const configFile = join(folder, 'rclone.conf')
      const settings = ['[s3]', 'type = s3', 'provider = Ceph', 'env_auth = true', `endpoint = ${servers.s3Url}`]
      await writeFile(configFile, `${settings.join('\n')}\n`)
      return { file, args: ['sync', '--config', configFile, ...options, site.dir, `s3:${bucket}`] }
    },
  }
}

export async function findAwsCli(): Promise<Tool | undefined> {
  const file = await findProgram('aws')
  if (file === undefined) return undefined
  return {
    id: 'awscli',
    name: 'aws s3 sync',
    kind: 'peer',
    version: ((await firstLine(file, ['--version'])) ?? '').split(' ')[0] ?? '',
    shown: 'aws s3 sync --delete --only-show-errors public s3://my-site',
    prepare: async ({ site, bucket, servers }) => ({
      file,
      // Debian's version does not read AWS_ENDPOINT_URL_S3 yet.
      args: `--endpoint-url ${servers.s3Url} s3 sync --delete --only-show-errors ${site.dir} s3://${bucket}`.split(' '),
    }),
  }
}

export async function findS3cmd(): Promise<Tool | undefined> {
  const file = await findProgram('s3cmd')
  if (file === undefined) return undefined
  return {
    id: 's3cmd',
    name: 's3cmd sync',
    kind: 'peer',
    version: (await firstLine(file, ['--version'])) ?? '',
    shown: 's3cmd sync --delete-removed --quiet public/ s3://my-site/',
    async prepare({ site, bucket, folder, servers }) {
      const configFile = join(folder, 's3cfg')
      const { host } = new URL(servers.s3Url)
      const { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey } = servers.env
      const settings = ['[default]', `access_key = ${accessKey}`, `secret_key = ${secretKey}`, 'use_https = False']
      settings.push(`host_base = ${host}`, `host_bucket = ${host}`)
      await writeFile(configFile, `${settings.join('\n')}\n`)
      const command = ['sync', '--delete-removed', '--quiet', `${site.dir}/`, `s3://${bucket}/`]
      return { file, args: ['--config', configFile, ...command] }
    },
  }
}

export async function s3SyncClient(peersDir: string): Promise<Tool> {
  return {
    id: 's3-sync-client',
    name: 's3-sync-client',
    kind: 'peer',
    version: await npmVersion(peersDir, 's3-sync-client'),
    shown: "sync('public', 's3://my-site', { del: true })",
    prepare: async ({ site, bucket }) => ({
      file: process.execPath,
      args: [join(import.meta.dirname, 's3-sync-client.cjs'), peersDir, site.dir, bucket],
    }),
  }
}

export async function deployAwsS3CloudFront(peersDir: string): Promise<Tool> {
  const program = join(peersDir, 'node_modules/deploy-aws-s3-cloudfront/bin/deploy-aws-s3-cloudfront')
  return {
    id: 'deploy-aws-s3-cloudfront',
    name: 'deploy-aws-s3-cloudfront',
    kind: 'peer',
    version: await npmVersion(peersDir, 'deploy-aws-s3-cloudfront'),
    shown: 'deploy-aws-s3-cloudfront --non-interactive --delete --source public --bucket my-site',
    async prepare({ site, bucket }) {
      const options = ['--non-interactive', '--delete', '--source', site.dir, '--bucket', bucket]
      const preload = join(import.meta.dirname, 'aws-sdk-v2.cjs')
      return { file: process.execPath, args: ['--require', preload, program, ...options] }
    },
  }
}

async function npmVersion(peersDir: string, name: string): Promise<string> {
  const manifest = await readFile(join(peersDir, 'node_modules', name, 'package.json'), 'utf8')
  const { version }: { version: string } = JSON.parse(manifest)
  return version
}
