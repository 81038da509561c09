// freshfront init: what builds a site and where it goes → freshfront.json and a workflow; or an old workflow, rewritten.

import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { argumentsInvalid, bucketNotGiven, configInvalid, quote } from '../../errors.ts'
import { detectGenerator, type DetectedSite } from '../../init/detect-generator.ts'
import { parseObject, readPackageJson, type Project } from '../../init/project.ts'
import { readProject } from '../../init/read-project.ts'
import { findRepository, type Repository } from '../../init/repository.ts'
import { listSetUpSteps } from '../../init/set-up-steps.ts'
import { setUpRemarks, splitIds, type SetUp, type SetUpName } from '../../init/settings.ts'
import { writeConfig } from '../../init/write-config.ts'
import { writeWorkflow } from '../../init/write-workflow.ts'
import type { CliContext } from '../context.ts'
import type { InitFlags } from '../init-flags.ts'
import type { Prompt } from '../prompt.ts'
import { readIfThere, writeFiles, type NewFile } from './write-files.ts'
import { rewriteOldWorkflow } from './rewrite-old-workflow.ts'

const WORKFLOW = '.github/workflows/deploy.yml'
const DEFAULT_REGION = 'us-east-1'

export async function runInit(this: CliContext, flags: InitFlags, dir = '.'): Promise<void> {
  const { cwd, terminal } = this
  const prompt = flags.yes === true || flags.dryRun === true ? undefined : this.openPrompt()
  try {
    if (flags.fromWorkflow !== undefined) return await rewriteOldWorkflow(this, flags.fromWorkflow, flags, prompt)
    const projectFolder = resolve(cwd, dir)
    await checkFolder(projectFolder, dir)
    const [project, repository] = await Promise.all([readProject(projectFolder), findRepository(projectFolder)])
    const site = detectGenerator(project)
    terminal.writeStatus(describeSite(site, await findProjectBelow(projectFolder, site)))

    const configFile = join(projectFolder, 'freshfront.json')
    const config = await readIfThere(configFile)
    const found = await collectDefaults(site, repository, config, this.env)
    if (found.region === undefined && flags.region === undefined && prompt === undefined) {
      terminal.writeStatus(`! The region is taken to be ${DEFAULT_REGION}; --region names another.`)
    }
    const setUp = await askForRest(readFlags(flags), found, prompt, (text) => terminal.writeStatus(text))
    const files = await composeFiles({ project, site, repository, setUp, config, configFile, flags })
    await writeFiles(this, files, flags, prompt)
    if (flags.dryRun !== true) terminal.writeResult(describeNextSteps(setUp, flags.pullRequests ?? true))
  } finally {
    prompt?.close()
  }
}

async function checkFolder(folder: string, named: string): Promise<void> {
  const status = await stat(folder).catch(() => undefined)
  if (status?.isDirectory() === true) return
  throw argumentsInvalid(
    status === undefined ? `There is no folder ${quote(named)}.` : `${quote(named)} is a file, not a folder.`,
    'Name the folder of the project, the one with its package.json or its settings.',
  )
}

/** A site in a folder of a larger project, when there is nothing to see at its root. */
async function findProjectBelow(folder: string, site: DetectedSite): Promise<string | undefined> {
  if (site.generator !== undefined || site.outputFolder !== undefined) return undefined
  const entries = await readdir(folder)
  for (const name of ['website', 'site', 'docs', 'web', 'frontend', 'app', 'www', 'client', 'blog']) {
    if (!entries.includes(name) || !(await isFolder(join(folder, name)))) continue
    if (detectGenerator(await readProject(join(folder, name))).generator !== undefined) return name
  }
  return undefined
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

function describeSite(site: DetectedSite, below: string | undefined): string {
  const { generator, buildCommand, outputFolder } = site
  const what =
    generator !== undefined
      ? `Found ${generator}: ${buildCommand ?? ''} writes ${outputFolder ?? 'to a folder that is not known'}.`
      : outputFolder !== undefined
        ? `Found a site in ${outputFolder}${buildCommand === undefined ? ', with nothing to build' : `, built by ${buildCommand}`}.`
        : 'Nothing here tells what builds the site.'
  const hint = below === undefined ? [] : [`There is a project in ${below}: freshfront init ${below} looks there.`]
  return [what, ...site.remarks.map((remark) => `! ${remark}`), ...hint].join('\n')
}

function readFlags(flags: InitFlags): Partial<SetUp> {
  const { dir, build, bucket, prefix, distribution, region, roleArn, planRoleArn, branch, verifyUrl } = flags
  return {
    ...(dir !== undefined && { dir: dir.replace(/^\.\/(?=.)/u, '').replace(/(?<=.)\/+$/u, '') }),
    ...(build !== undefined && { build }),
    ...(bucket !== undefined && { bucket }),
    ...(prefix !== undefined && { prefix }),
    ...(distribution !== undefined && { distribution: distribution.flatMap(splitIds) }),
    ...(region !== undefined && { region }),
    ...(roleArn !== undefined && { roleArn }),
    ...(planRoleArn !== undefined && { planRoleArn }),
    ...(branch !== undefined && { branch }),
    ...(verifyUrl !== undefined && { verifyUrl }),
  }
}

/** What is there already comes before what was found, and that before what is usual. */
async function collectDefaults(
  site: DetectedSite,
  repository: Repository,
  config: string | undefined,
  env: CliContext['env'],
): Promise<Partial<SetUp>> {
  const before = parseObject(config ?? '{}')
  const textOf = (key: string): string | undefined => (typeof before[key] === 'string' ? before[key] : undefined)
  const dir = textOf('dir') ?? site.outputFolder
  const bucket = textOf('bucket') ?? (env['FRESHFRONT_BUCKET'] || undefined)
  const ids = [before['distribution'] ?? []].flat().filter((id) => typeof id === 'string')
  const workflow = await readIfThere(join(repository.root, WORKFLOW))
  const roles = [...(workflow ?? '').matchAll(/^ *role-to-assume: *['"]?([^\n'"]+)/gmu)].map(([, role = '']) => role)
  const [roleArn, planRoleArn] = roles.map((role) => (role.startsWith('arn:') ? role : ''))
  const region = /^ *aws-region: *['"]?([a-z0-9-]+)/mu.exec(workflow ?? '')?.[1]
  const knownRegion =
    textOf('region') ?? region ?? (env['AWS_REGION'] || undefined) ?? (env['AWS_DEFAULT_REGION'] || undefined)
  return {
    ...(dir !== undefined && { dir }),
    ...(bucket !== undefined && { bucket }),
    build: site.buildCommand ?? '',
    distribution: ids,
    ...(knownRegion !== undefined && { region: knownRegion }),
    roleArn: roleArn ?? '',
    planRoleArn: planRoleArn ?? '',
    branch: repository.defaultBranch ?? 'main',
  }
}

const questions: readonly { readonly name: SetUpName; readonly question: string }[] = [
  { name: 'build', question: 'Command that builds the site' },
  { name: 'dir', question: 'Folder of the built site' },
  { name: 'bucket', question: 'Bucket' },
  { name: 'distribution', question: 'Distribution id, or Enter for every one that serves the bucket' },
  { name: 'region', question: 'Region of the bucket' },
  { name: 'roleArn', question: 'ARN of the role to assume, or Enter for the variable AWS_ROLE_ARN of the repository' },
  { name: 'branch', question: 'Branch that is deployed' },
]

async function askForRest(
  given: Partial<SetUp>,
  found: Partial<SetUp>,
  prompt: Prompt | undefined,
  say: (text: string) => void,
): Promise<SetUp> {
  const answers: Partial<Record<SetUpName, string | readonly string[]>> = { region: DEFAULT_REGION, ...found, ...given }
  for (const { name, question } of prompt === undefined ? [] : questions) {
    if (given[name] !== undefined) continue
    const fallback = [answers[name] ?? []].flat().join(', ')
    let answer: string
    for (;;) {
      answer = (await prompt?.ask(question, fallback)) ?? fallback
      const remark = setUpRemarks[name](answer)
      if (remark === undefined) break
      say(remark)
    }
    answers[name] = name === 'distribution' ? splitIds(answer) : answer
  }
  const setUp = answers as Partial<SetUp>
  checkAnswers(setUp)
  if (setUp.dir === undefined) {
    const fix = 'Name its folder with --dir FOLDER, and what builds it with --build COMMAND.'
    throw argumentsInvalid('Where the built site lies cannot be told from the project.', fix)
  }
  if (setUp.bucket === undefined) throw bucketNotGiven()
  return setUp as SetUp
}

/** @throws {FreshfrontError} `CONFIG_INVALID` with every mistake there is */
function checkAnswers(answers: Partial<SetUp>): void {
  const problems = Object.entries(answers).flatMap(([name, value]) =>
    [value].flat().flatMap((text) => {
      const remark = setUpRemarks[name as SetUpName](text)
      const flag = `--${name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`
      return remark === undefined ? [] : [`${flag}: ${quote(text)} cannot be used. ${remark}`]
    }),
  )
  if (problems.length > 0) throw configInvalid(problems, ['Correct the flag; --help says what each of them takes.'])
}

interface Findings {
  readonly project: Project
  readonly site: DetectedSite
  readonly repository: Repository
  readonly setUp: SetUp
  readonly config: string | undefined
  readonly configFile: string
  readonly flags: InitFlags
}

async function composeFiles({ project, site, repository, setUp, ...rest }: Findings): Promise<readonly NewFile[]> {
  const { root, folder } = repository
  if (folder.includes('${{') || /\p{Cc}/u.test(folder)) {
    throw argumentsInvalid(`The folder ${quote(folder)} cannot be named in a workflow.`, 'Give it a plainer name.')
  }
  const { packageManager: _packageManager, buildCommand: _buildCommand, ...plainSite } = site
  const built = setUp.build === '' ? plainSite : { ...site, buildCommand: setUp.build }
  const { planRoleArn = '' } = setUp
  const workflow = writeWorkflow({
    steps: listSetUpSteps(project, built, folder),
    branch: setUp.branch,
    ...(setUp.roleArn !== '' && { roleArn: setUp.roleArn }),
    ...(planRoleArn !== '' && { planRoleArn }),
    region: setUp.region,
    folder,
    pullRequests: rest.flags.pullRequests ?? true,
  })
  const installed = readPackageJson(project).dependencies['freshfront'] !== undefined
  const settings = {
    dir: setUp.dir,
    bucket: setUp.bucket,
    prefix: setUp.prefix,
    distribution: setUp.distribution.length === 0 ? undefined : setUp.distribution,
    region: rest.flags.region,
    verifyUrl: setUp.verifyUrl,
  }
  const workflowFile = join(root, WORKFLOW)
  return [
    { path: rest.configFile, before: rest.config, after: writeConfig(settings, rest.config, installed) },
    { path: workflowFile, before: await readIfThere(workflowFile), after: workflow },
  ]
}

function describeNextSteps({ roleArn, dir, planRoleArn = '' }: SetUp, pullRequests: boolean): string {
  const steps = [
    `Build the site, so that it lies in ${dir}, and look at the plan: freshfront plan.`,
    ...(roleArn === ''
      ? [
          'Make a role that the workflow may assume (freshfront iam --repo OWNER/NAME writes its policies), and set the variable AWS_ROLE_ARN of the repository on GitHub to its ARN.',
        ]
      : []),
    ...(pullRequests && planRoleArn === ''
      ? ['For plans on pull requests, set AWS_PLAN_ROLE_ARN to a role that they may assume and that may only read.']
      : []),
    'Commit both files and push.',
  ]
  return `\nNext:\n${steps.map((step, position) => `  ${position + 1}. ${step}`).join('\n')}`
}
