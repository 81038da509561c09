// Lock files and package.json → which package manager a project uses, and how it installs and runs. Pure.

import { readPackageJson, type Project } from './project.ts'

export interface PackageManager {
  readonly name: 'npm' | 'yarn' | 'pnpm' | 'bun'
  readonly install: string
  /** Before the name of a script. */
  readonly run: string
  /** Before the name of a program of a dependency. */
  readonly exec: string
  /** Without one the versions of the dependencies are open. */
  readonly lockFile?: string
}

const lockFiles: readonly { readonly file: string; readonly name: PackageManager['name'] }[] = [
  { file: 'pnpm-lock.yaml', name: 'pnpm' },
  { file: 'yarn.lock', name: 'yarn' },
  { file: 'bun.lock', name: 'bun' },
  { file: 'bun.lockb', name: 'bun' },
  { file: 'package-lock.json', name: 'npm' },
  { file: 'npm-shrinkwrap.json', name: 'npm' },
]

/** What the packageManager field names wins over lock files that somebody has left behind. */
export function detectPackageManager(project: Project): PackageManager {
  const { packageManager = '' } = readPackageJson(project)
  const [, named, major] = /^(npm|yarn|pnpm|bun)@(\d+)/u.exec(packageManager) ?? []
  const locks = lockFiles.filter(({ file }) => project.names.includes(file))
  const lock = locks.find(({ name }) => named === undefined || name === named)
  const lockFile = lock === undefined ? {} : { lockFile: lock.file }
  switch (named ?? lock?.name) {
    case 'pnpm':
      return {
        name: 'pnpm',
        install: 'pnpm install --frozen-lockfile',
        run: 'pnpm run',
        exec: 'pnpm exec',
        ...lockFile,
      }
    case 'yarn': {
      const modern = (major !== undefined && major !== '1') || project.names.includes('.yarnrc.yml')
      const install = modern ? 'yarn install --immutable' : 'yarn install --frozen-lockfile'
      return { name: 'yarn', install, run: 'yarn run', exec: 'yarn', ...lockFile }
    }
    case 'bun':
      return { name: 'bun', install: 'bun install --frozen-lockfile', run: 'bun run', exec: 'bunx', ...lockFile }
    default:
      return {
        name: 'npm',
        install: lock === undefined ? 'npm install' : 'npm ci',
        run: 'npm run',
        exec: 'npx',
        ...lockFile,
      }
  }
}
