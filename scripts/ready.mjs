// Makes `npm start` and `npm test` enough by themselves on a fresh clone: installs what the lockfile names and builds what is out of
// date, and does nothing when nothing is. Plain JavaScript, Node only: it runs before anything is installed.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Freshfront needs Node 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(2)
}

/** Runs a step unless its inputs are the same as when it last succeeded. */
function ensure(name, inputs, output, run) {
  const stamp = join(root, 'node_modules', '.freshfront', `${name}.sha256`)
  const hash = createHash('sha256')
  for (const input of inputs)
    hash
      .update(input)
      .update('\0')
      .update(readFileSync(join(root, input)))
  const digest = hash.digest('hex')
  if (existsSync(join(root, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  run()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, digest)
}

function run(title, command, args) {
  console.error(title)
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (error !== undefined) console.error(error.message)
  if (status !== 0) process.exit(status ?? 1)
}

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}

ensure('install', ['package-lock.json'], 'node_modules/.package-lock.json', () => {
  run('Installing dependencies …', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
})
const buildInputs = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build-program.ts']
ensure('build', [...buildInputs, ...filesBelow('src')], 'dist/program/main.js', () => {
  run('Building …', process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'])
  run('Bundling the program …', process.execPath, ['--import', 'tsx', join('scripts', 'build-program.ts')])
})
