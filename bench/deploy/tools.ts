// Who is measured: Freshfront, its peers, and the floor.

import { join } from 'node:path'
import { installNpmPeers } from './npm-peers.ts'
import { deployAwsS3CloudFront, findAwsCli, findHugo, findRclone, findS3cmd, s3SyncClient } from './peers.ts'
import { firstLine } from './program.ts'
import { findPutLoop } from './put-loop.ts'
import type { Tool } from './tool.ts'

/** What `npm run build` makes of our program. */
export const MAIN: string = join(import.meta.dirname, '../../dist/program/main.js')

/**
 * @param ids those asked for, or undefined for all
 * @returns the tools that are here, and the names of the others
 */
export async function findTools(ids: readonly string[] | undefined): Promise<{ tools: Tool[]; missing: string[] }> {
  const isAsked = (id: string): boolean => ids === undefined || ids.includes(id)
  const unknown = (ids ?? []).filter((id) => !FINDERS.some((finder) => finder.id === id))
  if (unknown.length > 0)
    throw new Error(`No tool ${unknown.join(', ')}: there are ${FINDERS.map(({ id }) => id).join(', ')}.`)
  const asked = FINDERS.filter(({ id }) => isAsked(id))
  const needsNpm = asked.some(({ id }) => id === 's3-sync-client' || id === 'deploy-aws-s3-cloudfront')
  const peersDir = needsNpm ? await installNpmPeers() : undefined
  const found = await Promise.all(asked.map((finder) => finder.find(peersDir)))
  return {
    tools: found.filter((tool) => tool !== undefined),
    missing: asked.filter((_, index) => found[index] === undefined).map(({ id }) => id),
  }
}

interface Finder {
  readonly id: string
  find(peersDir: string | undefined): Promise<Tool | undefined>
}

const FINDERS: readonly Finder[] = [
  { id: 'freshfront', find: () => findFreshfront({ id: 'freshfront', name: 'Freshfront, in CI', keepsFolder: false }) },
  {
    id: 'freshfront-again',
    find: () => findFreshfront({ id: 'freshfront-again', name: 'Freshfront, same folder', keepsFolder: true }),
  },
  { id: 'hugo', find: findHugo },
  { id: 'rclone', find: findRclone },
  { id: 'awscli', find: findAwsCli },
  { id: 's3cmd', find: findS3cmd },
  { id: 's3-sync-client', find: async (peersDir) => (peersDir === undefined ? undefined : s3SyncClient(peersDir)) },
  {
    id: 'deploy-aws-s3-cloudfront',
    find: async (peersDir) => (peersDir === undefined ? undefined : deployAwsS3CloudFront(peersDir)),
  },
  { id: 'put-loop', find: findPutLoop },
]

type FreshfrontTool = Pick<Tool, 'id' | 'name'> & { readonly keepsFolder: boolean }

async function findFreshfront(tool: FreshfrontTool): Promise<Tool> {
  const version = await firstLine(process.execPath, [MAIN, '--version'])
  if (version === undefined) throw new Error('dist/ is not built: npx tsc -p tsconfig.build.json')
  return {
    ...tool,
    kind: 'ours',
    version,
    shown: `${tool.keepsFolder ? '' : 'CI=true '}freshfront deploy public --bucket my-site --quiet`,
    prepare: async ({ site, bucket }) => ({
      file: process.execPath,
      args: [MAIN, 'deploy', site.dir, '--bucket', bucket, '--quiet'],
      // There it keeps nothing on a disk that is thrown away.
      env: tool.keepsFolder ? {} : { CI: 'true' },
    }),
  }
}
