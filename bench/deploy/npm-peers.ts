// Peers that come from npm are no dependencies of ours: they are installed beside the project, once, at the versions named here.

import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const PACKAGES = [
  's3-sync-client@4.3.1',
  '@aws-sdk/client-s3@3.1169.0',
  '@aws-sdk/abort-controller@3.374.0',
  'deploy-aws-s3-cloudfront@3.8.0',
  'aws-sdk@2.1693.0',
]

/** @returns the folder whose node_modules holds them, or undefined where they are not there and npm's registry cannot be reached */
export async function installNpmPeers(): Promise<string | undefined> {
  const dir = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'freshfront-bench')
  if (await isInstalled(dir)) return dir
  await mkdir(dir, { recursive: true })
  try {
    const options = ['--no-audit', '--no-fund', '--loglevel=error', '--save-exact']
    await promisify(execFile)('npm', ['install', '--prefix', dir, ...options, ...PACKAGES])
    return dir
  } catch (error) {
    console.error(`npm peers are left out: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

async function isInstalled(dir: string): Promise<boolean> {
  try {
    for (const spec of PACKAGES) {
      const at = spec.lastIndexOf('@')
      const manifest = await readFile(join(dir, 'node_modules', spec.slice(0, at), 'package.json'), 'utf8')
      const { version }: { version: string } = JSON.parse(manifest)
      if (version !== spec.slice(at + 1)) return false
    }
    return true
  } catch {
    // Not there, or not whole: npm puts it right.
    return false
  }
}
