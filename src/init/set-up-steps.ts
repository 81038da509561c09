// What a runner needs before it can build a site → the steps that give it that, and the build. Pure.

import { actionPins } from './action-pins.ts'
import type { DetectedSite } from './detect-generator.ts'
import type { PackageManager } from './package-manager.ts'
import { findFiles, readPackageJson, type Project } from './project.ts'

export type NewStep =
  | { readonly uses: string; readonly with?: Readonly<Record<string, string>> }
  | { readonly run: string }

/** What is installed where the project does not say: long-term releases, and the last that this version was written with. */
const defaultVersions = { node: '24', ruby: '3.4', python: '3.13', hugo: '0.157.0', zola: '0.19.2', mdbook: '0.4.40' }

/** @param folder of the project below the repository, `''` for its root */
export function listSetUpSteps(project: Project, site: DetectedSite, folder: string): readonly NewStep[] {
  return [
    { uses: actionPins.checkout, with: checkoutInputs(site) },
    ...setUpRuntime(project, site, folder),
    ...(site.packageManager === undefined ? [] : setUpNode(project, site.packageManager, folder)),
    ...(site.buildCommand === undefined ? [] : [{ run: buildCommand(project, site.buildCommand) }]),
  ]
}

function checkoutInputs({ readsHistory, runtime }: DetectedSite): Record<string, string> {
  return {
    ...(readsHistory && { 'fetch-depth': '0' }),
    ...(runtime === 'hugo' || runtime === 'zola' ? { submodules: 'recursive' } : {}),
    'persist-credentials': 'false',
  }
}

function setUpNode(project: Project, manager: PackageManager, folder: string): readonly NewStep[] {
  const versionFile = ['.nvmrc', '.node-version', '.tool-versions'].find(
    (name) =>
      project.names.includes(name) && (name !== '.tool-versions' || /^nodejs? /mu.test(project.texts[name] ?? '')),
  )
  const { packageManager } = readPackageJson(project)
  const named = packageManager?.startsWith(`${manager.name}@`) === true
  const cached = manager.name !== 'bun' && manager.lockFile !== undefined
  const node: NewStep = {
    uses: actionPins.setUpNode,
    with: {
      ...(versionFile === undefined
        ? { 'node-version': defaultVersions.node }
        : { 'node-version-file': below(folder, versionFile) }),
      ...(cached && { cache: manager.name }),
      ...(cached && folder !== '' && { 'cache-dependency-path': below(folder, manager.lockFile) }),
    },
  }
  const pnpmInputs = {
    ...(!named && { version: '10' }),
    ...(named && folder !== '' && { package_json_file: below(folder, 'package.json') }),
  }
  const first: readonly NewStep[] =
    manager.name === 'pnpm'
      ? [{ uses: actionPins.setUpPnpm, with: pnpmInputs }]
      : manager.name === 'bun'
        ? [{ uses: actionPins.setUpBun }]
        : manager.name === 'yarn' && manager.install.endsWith('--immutable')
          ? [{ run: 'corepack enable' }]
          : []
  return [...first, node, { run: manager.install }]
}

function setUpRuntime(project: Project, { runtime, generator }: DetectedSite, folder: string): readonly NewStep[] {
  switch (runtime) {
    case 'hugo':
      return [{ uses: actionPins.setUpHugo, with: { 'hugo-version': hugoVersion(project), extended: 'true' } }]
    case 'ruby':
      return setUpRuby(project, folder)
    case 'python':
      return [
        { uses: actionPins.setUpPython, with: { 'python-version': defaultVersions.python } },
        { run: pythonInstall(project, generator ?? '') },
      ]
    case 'zola':
      return [
        download(
          `https://github.com/getzola/zola/releases/download/v${defaultVersions.zola}/zola-v${defaultVersions.zola}-x86_64-unknown-linux-gnu.tar.gz`,
        ),
      ]
    case 'mdbook':
      return [
        download(
          `https://github.com/rust-lang/mdBook/releases/download/v${defaultVersions.mdbook}/mdbook-v${defaultVersions.mdbook}-x86_64-unknown-linux-gnu.tar.gz`,
        ),
      ]
    case 'node':
    case 'none':
      return []
  }
}

function download(url: string): NewStep {
  return { run: `curl --fail --silent --show-error --location ${url} | sudo tar -xz -C /usr/local/bin` }
}

function setUpRuby(project: Project, folder: string): readonly NewStep[] {
  const says = project.names.includes('.ruby-version') || /^ruby /mu.test(project.texts['.tool-versions'] ?? '')
  const bundled = project.names.includes('Gemfile')
  const inputs = {
    ...(!says && { 'ruby-version': defaultVersions.ruby }),
    ...(bundled && { 'bundler-cache': 'true' }),
    ...(folder !== '' && { 'working-directory': folder }),
  }
  return [{ uses: actionPins.setUpRuby, with: inputs }, ...(bundled ? [] : [{ run: 'gem install jekyll' }])]
}

function pythonInstall(project: Project, generator: string): string {
  const [requirements] = findFiles(project, /^(?:docs\/)?(?:docs-|requirements-docs|requirements)[\w-]*\.txt$/u)
  if (project.names.includes('uv.lock')) return 'pipx install uv && uv sync --frozen'
  if (project.names.includes('poetry.lock')) return 'pipx install poetry && poetry install'
  if (requirements !== undefined) return `pip install -r ${requirements}`
  const usesMaterial = /^\s+name:\s*["']?material\b/mu.test(project.texts['mkdocs.yml'] ?? '')
  return `pip install ${usesMaterial ? 'mkdocs-material' : generator.toLowerCase()}`
}

function buildCommand(project: Project, command: string): string {
  if (/^(?:mkdocs|sphinx-build|pelican)\b/u.test(command)) {
    if (project.names.includes('uv.lock')) return `uv run ${command}`
    if (project.names.includes('poetry.lock')) return `poetry run ${command}`
  }
  return project.names.includes('Gemfile') ? command : command.replace(/\bbundle exec /u, '')
}

/** Netlify users have said it already. */
function hugoVersion({ texts }: Project): string {
  const said = [texts['netlify.toml'], texts['.tool-versions'], texts['.hugo-version']].join('\n')
  return (
    /(?:HUGO_VERSION\s*=\s*["']?|^hugo\s+(?:extended_)?|^v?)(\d+\.\d+\.\d+)\b/mu.exec(said)?.[1] ?? defaultVersions.hugo
  )
}

function below(folder: string, name: string | undefined): string {
  return folder === '' ? (name ?? '') : `${folder}/${name}`
}
