// The files of a project → what builds its site, with which command, and into which folder. Pure: it suggests, the user decides.

import { posix } from 'node:path'

import { generators, type Generator, type Runtime } from './generators.ts'
import { detectPackageManager, type PackageManager } from './package-manager.ts'
import { findFiles, readFlagOf, readPackageJson, type Project } from './project.ts'

export interface DetectedSite {
  /** `Hugo`; undefined when nothing is known to build the site. */
  readonly generator?: string
  readonly runtime: Runtime
  /** Undefined when there is nothing to build. */
  readonly buildCommand?: string
  /** Below the project folder, with `/`; `.` for the folder itself. Undefined when it cannot be told. */
  readonly outputFolder?: string
  /** Undefined where nothing of Node is needed. */
  readonly packageManager?: PackageManager
  readonly readsHistory: boolean
  readonly remarks: readonly string[]
}

export function detectGenerator(project: Project): DetectedSite {
  const generator = generators.find((each) => each.isUsed(project))
  return generator === undefined ? detectPlainSite(project) : describeSite(project, generator)
}

function describeSite(project: Project, generator: Generator): DetectedSite {
  const usesNode = generator.runtime === 'node' || project.names.includes('package.json')
  const packageManager = usesNode ? detectPackageManager(project) : undefined
  const script = findScript(project, generator)
  const command = typeof generator.command === 'string' ? generator.command : generator.command(project)
  const given = script === undefined ? undefined : readFlagOf(script.text, generator.outputFlags ?? [])
  const outputFolder = normalizeFolder(given ?? generator.outputFolder(project))
  return {
    generator: generator.name,
    runtime: generator.runtime,
    buildCommand:
      script !== undefined && packageManager !== undefined
        ? `${packageManager.run} ${script.name}`
        : generator.runtime === 'node' && packageManager !== undefined
          ? `${packageManager.exec} ${command}`
          : command,
    ...(outputFolder !== undefined && { outputFolder }),
    ...(packageManager !== undefined && { packageManager }),
    readsHistory: generator.readsHistory ?? false,
    remarks: [
      ...(generator.remarks?.(project) ?? []),
      ...(packageManager !== undefined && packageManager.lockFile === undefined
        ? ['There is no lock file: commit one, so that each build uses the same dependencies.']
        : []),
    ],
  }
}

/** A script that says the command, or else one of the same name that may well lead to it; what others are for nobody knows. */
function findScript(project: Project, { script, runtime }: Generator): { name: string; text: string } | undefined {
  const { scripts } = readPackageJson(project)
  const named = (script?.names ?? []).flatMap((name) => {
    const text = scripts[name]
    return text === undefined ? [] : [{ name, text }]
  })
  const any = Object.entries(scripts).map(([name, text]) => ({ name, text }))
  const indirect = named.find(
    ({ name, text }) => ['build', 'generate'].includes(name) && !(script?.never?.test(text) ?? false),
  )
  return (
    named.find(({ text }) => script?.says.test(text)) ??
    any.find(({ name, text }) => isBuild(name) && script?.says.test(text) === true) ??
    (runtime === 'node' ? indirect : undefined)
  )
}

/** A name that needs quoting is left to the user. */
function isBuild(name: string): boolean {
  return /^[\w:.-]+$/u.test(name) && !/dev|start|serve|watch|clean|preview/u.test(name)
}

/** Files as they are, or a build that is not known: then its output folder may still tell. */
function detectPlainSite(project: Project): DetectedSite {
  const { scripts } = readPackageJson(project)
  const packageManager = scripts['build'] === undefined ? undefined : detectPackageManager(project)
  const built = findFiles(project, /(?:^|\/)index\.html$/u).map((name) => posix.dirname(name))
  const outputFolder =
    packageManager === undefined && built.includes('.') ? '.' : built.find((folder) => folder !== '.')
  return {
    runtime: packageManager === undefined ? 'none' : 'node',
    ...(packageManager !== undefined && { packageManager, buildCommand: `${packageManager.run} build` }),
    ...(outputFolder !== undefined && { outputFolder }),
    readsHistory: false,
    remarks:
      outputFolder === '.' ? ['The whole folder is the site; leave out with "filters" what is not for visitors.'] : [],
  }
}

/** `./dist/` and `dist` are one; what lies elsewhere on the disk is nothing that a runner has. */
function normalizeFolder(folder: string): string | undefined {
  const bare = posix.normalize(folder.replaceAll('\\', '/')).replace(/\/+$/u, '')
  return posix.isAbsolute(bare) || bare.startsWith('..') || bare === '' ? undefined : bare
}
