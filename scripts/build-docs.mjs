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
console.error('Building the documentation …')
const built = spawnSync(process.execPath, [join('node_modules', 'vitepress', 'bin', 'vitepress.js'), 'build'], {
  cwd: docs,
  encoding: 'utf8',
})
process.stderr.write(built.stdout + built.stderr)
// VitePress goes on when a page cannot be rendered, and leaves it empty.
if (built.status !== 0 || /^\w*Error: /m.test(built.stdout + built.stderr)) process.exit(built.status || 1)

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
