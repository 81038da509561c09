// Builds the documentation site into docs/.vitepress/dist: installs what docs/package-lock.json names when that has changed, then runs
// VitePress, for which a dead link is an error. Asks nothing of the network but npm's registry, once. Plain JavaScript, Node only.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const docs = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs')
const stamp = join(docs, 'node_modules', '.freshfront.sha256')
const digest = createHash('sha256')
  .update(readFileSync(join(docs, 'package-lock.json')))
  .digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
  run('Installing VitePress …', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stamp, digest)
}
run('Building the documentation …', process.execPath, [
  join('node_modules', 'vitepress', 'bin', 'vitepress.js'),
  'build',
])

function run(title, command, args) {
  console.error(title)
  const { status, error } = spawnSync(command, args, {
    cwd: docs,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (error !== undefined) console.error(error.message)
  if (status !== 0) process.exit(status ?? 1)
}
