// The floor: the same bodies, PUT by wrk, a program in C that does nothing else. The URLs are signed beforehand, which is not measured;
// the bodies are read from the disk as they are sent. Ceph checks each signature, but no digest of the bodies: a presigned URL has none.

import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { findProgram } from './program.ts'
import { type Run, type Tool, UPLOADS_AT_ONCE } from './tool.ts'

export async function findPutLoop(): Promise<Tool | undefined> {
  const file = await findProgram('wrk')
  if (file === undefined) return undefined
  // `wrk --version` ends with 1, as its help does.
  const { stdout } = await promisify(execFile)(file, ['--version']).catch((error: { stdout: string }) => error)
  return {
    id: 'put-loop',
    name: 'PUT loop (wrk)',
    kind: 'floor',
    version: stdout.split(' ').slice(0, 2).join(' '),
    shown: `wrk -t1 -c${UPLOADS_AT_ONCE} -s put-loop.lua`,
    scenarios: ['first'],
    prepare: async (run) => ({ file, args: await preparePutLoop(run, UPLOADS_AT_ONCE) }),
  }
}

/** @returns wrk's arguments */
async function preparePutLoop({ site, bucket, folder, servers }: Run, connections: number): Promise<string[]> {
  const lines: string[] = []
  for (const key of site.md5ByKey.keys()) {
    const put = new PutObjectCommand({ Bucket: bucket, Key: key })
    const url = await getSignedUrl(servers.s3, put, { expiresIn: 7 * 24 * 3600 })
    const { pathname, search } = new URL(url)
    lines.push(`${pathname}${search}\t${join(site.dir, key)}`)
  }
  const listFile = join(folder, 'puts.txt')
  await writeFile(listFile, `${lines.join('\n')}\n`)
  const script = join(import.meta.dirname, 'put-loop.lua')
  // The script leaves when all are stored; the hour is what wrk wants to be told.
  return ['-t1', `-c${connections}`, '-d3600s', '--timeout', '60s', '-s', script, servers.s3Url, '--', listFile]
}
