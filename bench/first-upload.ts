// First upload of a site to one S3 server: Freshfront and `hugo deploy` in turns, in one run, each into a fresh bucket.
//   eval "$(test/ceph/ceph.sh up /tmp/ceph)" && npx tsx bench/first-upload.ts [FILES] [ROUNDS]
// Needs hugo (Debian's has deploy) and a built dist/. Prints wall and CPU seconds, pair by pair.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { startEmulator } from '../src/emulator/index.ts'

const fileCount = Number(process.argv[2] ?? 1000)
const rounds = Number(process.argv[3] ?? 3)
const endpoint = process.env['AWS_ENDPOINT_URL_S3']
if (endpoint === undefined)
  throw new Error('Set AWS_ENDPOINT_URL_S3 and credentials: see the first lines of this file.')

const work = await mkdtemp(join(tmpdir(), 'freshfront-bench-'))
const s3 = new S3Client({ forcePathStyle: true })
// Freshfront asks CloudFront which distributions serve the bucket; none does here.
const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = process.env
const cloudFront = await startEmulator({ credentials: { accessKeyId, secretAccessKey } })
try {
  const bytes = await makeSite(join(work, 'public'))
  console.log(`${fileCount} files, ${(bytes / 1e6).toFixed(1)} MB, to ${endpoint}`)
  for (let round = 1; round <= rounds; round += 1) {
    const ours = await timed('freshfront', async (bucket) => {
      const main = join(import.meta.dirname, '../dist/cli/main.js')
      return [process.execPath, [main, 'deploy', join(work, 'public'), '--bucket', bucket, '--quiet']]
    })
    const hugo = await timed('hugo', async (bucket) => {
      const url = `s3://${bucket}?endpoint=${endpoint}&s3ForcePathStyle=true&region=us-east-1`
      await writeFile(join(work, 'hugo.toml'), `[[deployment.targets]]\nname = "bench"\nURL = "${url}"\n`)
      return ['hugo', ['deploy', '--source', work, '--maxDeletes', '0']]
    })
    console.log(`round ${round}: freshfront ${ours}   hugo deploy ${hugo}`)
  }
} finally {
  await cloudFront.close()
  await rm(work, { recursive: true, force: true })
}

/** Pages of 2–20 kB, as many as asked for, in folders of 50. */
async function makeSite(dir: string): Promise<number> {
  let bytes = 0
  for (let index = 0; index < fileCount; index += 1) {
    const filePath = join(dir, `section-${Math.floor(index / 50)}`, `page-${index}.html`)
    const word = createHash('sha256').update(String(index)).digest('hex')
    const body = `<h1>${index}</h1>${word.repeat(32 + (index % 280))}`
    bytes += body.length
    await mkdir(dirname(filePath), { recursive: true })
    await writeFile(filePath, body)
  }
  return bytes
}

async function timed(tool: string, command: (bucket: string) => Promise<[string, string[]]>): Promise<string> {
  const bucket = `bench-${tool}-${Date.now()}`
  await s3.send(new CreateBucketCommand({ Bucket: bucket }))
  const [file, args] = await command(bucket)
  const env = { ...process.env, AWS_ENDPOINT_URL_CLOUDFRONT: cloudFront.cloudFrontUrl }
  const startMs = performance.now()
  const cpu = await run('/usr/bin/time', ['-f', '%U %S', file, ...args], env)
  const wallSeconds = (performance.now() - startMs) / 1000
  const [user = 0, system = 0] = cpu.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
  return `${wallSeconds.toFixed(2)} s wall, ${(user + system).toFixed(2)} s CPU`
}

function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(stderr) : reject(new Error(`${file} ${args.join(' ')}: ${code}\n${stderr}`)),
    )
  })
}
