import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { actionPins } from './action-pins.ts'
import { listSetUpSteps } from './set-up-steps.ts'
import { detectGenerator } from './detect-generator.ts'
import { setUpRemarks } from './settings.ts'
import { writeWorkflow, type NewWorkflow } from './write-workflow.ts'

const plain: NewWorkflow = {
  steps: [{ uses: actionPins.checkout }, { run: 'npm run build' }],
  branch: 'main',
  roleArn: 'arn:aws:iam::123456789012:role/deploy',
  region: 'eu-west-1',
  folder: '',
  pullRequests: false,
}

interface Parsed {
  on: { push: { branches: string[] }; pull_request?: { branches: string[] } }
  permissions: unknown
  defaults?: unknown
  jobs: Record<string, { if: string; permissions?: unknown; steps: { uses?: string; run?: string; with?: unknown }[] }>
}

describe('writeWorkflow', () => {
  it('builds, signs in with a role and deploys', () => {
    expect(writeWorkflow(plain)).toBe(`# Builds the site and puts it live with Freshfront.
name: Deploy

on:
  push:
    branches:
      - main
  workflow_dispatch:

permissions:
  contents: read
  id-token: write # to sign in to AWS without stored keys

concurrency:
  group: deploy-\${{ github.ref }}
  # A deploy that is under way ends; of those that wait, the newest goes on.
  cancel-in-progress: false

jobs:
  deploy:
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
      - run: npm run build
      - uses: aws-actions/configure-aws-credentials@b47578312673ae6fa5b5096b330d9fbac3d116df # v4.2.1
        with:
          role-to-assume: arn:aws:iam::123456789012:role/deploy
          aws-region: eu-west-1
      - uses: freshfront/freshfront@v1
`)
  })

  it('plans on pull requests of the repository itself, with the right to comment there and nowhere else', () => {
    const { on, permissions, jobs } = parse(writeWorkflow({ ...plain, pullRequests: true })) as Parsed
    expect(on.pull_request).toEqual({ branches: ['main'] })
    expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    expect(jobs['deploy']?.permissions).toBeUndefined()
    expect(jobs['plan']?.permissions).toEqual({ contents: 'read', 'id-token': 'write', 'pull-requests': 'write' })
    expect(jobs['plan']?.if).toContain('github.event.pull_request.head.repo.full_name == github.repository')
    expect(jobs['plan']?.if).toContain("vars.AWS_PLAN_ROLE_ARN != ''")
    expect(jobs['plan']?.steps.at(-2)?.with).toEqual({
      'role-to-assume': '${{ vars.AWS_PLAN_ROLE_ARN }}',
      'aws-region': 'eu-west-1',
    })
    expect(jobs['plan']?.steps.at(-1)).toEqual({ uses: 'freshfront/freshfront@v1', with: { 'dry-run': true } })
  })

  it('runs in the folder of the project, and takes the role from a variable where none is named', () => {
    const { roleArn: _roleArn, ...rest } = plain
    const { defaults, jobs } = parse(writeWorkflow({ ...rest, folder: 'web site' })) as Parsed
    expect(defaults).toEqual({ run: { 'working-directory': 'web site' } })
    expect(jobs['deploy']?.steps.slice(-2).map((step) => step.with)).toEqual([
      { 'role-to-assume': '${{ vars.AWS_ROLE_ARN }}', 'aws-region': 'eu-west-1' },
      { config: 'web site/freshfront.json' },
    ])
  })

  it('means each text as it is, whatever is in it', () => {
    const text = fc.string({
      unit: fc.constantFrom(...Array.from(`a: '"\\\n\t\r#{}[]&*!|>%@\`$-?,é😀\u2028`), '${{ x }}', '---', 'yes'),
      minLength: 1,
    })
    fc.assert(
      fc.property(text, text, text, (branch, run, region) => {
        const yaml = writeWorkflow({ ...plain, branch, region, folder: run, steps: [{ run }], pullRequests: true })
        const { on, defaults, jobs } = parse(yaml) as Parsed
        expect(on.push.branches.map((pattern) => pattern.replace(/\\([!+*?[\]\\])/gu, '$1'))).toEqual([branch])
        expect(defaults).toEqual({ run: { 'working-directory': run } })
        expect(jobs['deploy']?.if).toBe(`github.ref == 'refs/heads/${branch.replaceAll("'", "''")}'`)
        expect(jobs['deploy']?.steps[0]).toEqual({ run })
        expect(jobs['plan']?.steps[1]?.with).toMatchObject({ 'aws-region': region })
        expect(Object.keys(jobs)).toEqual(['deploy', 'plan'])
      }),
      { numRuns: 100 },
    )
  })

  it('pins each action by a whole commit, and says its release', () => {
    for (const pin of Object.values(actionPins)) expect(pin).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })
})

describe('setUpRemarks', () => {
  it.each([
    ['branch', 'a..b'],
    ['branch', 'a b'],
    ['branch', 'x\ninjected: true'],
    ['branch', '-x'],
    ['branch', '${{github.token}}'],
    ['roleArn', 'deploy'],
    ['roleArn', 'arn:aws:iam::123456789012:user/me'],
    ['roleArn', 'arn:aws:iam::123456789012:role/a\nb'],
    ['roleArn', '${{ github.event.head_commit.message }}'],
    ['dir', '../other'],
    ['dir', '/srv'],
    ['dir', ''],
    ['build', 'a\nb'],
    ['distribution', 'E1, d111.cloudfront.net'],
  ] as const)('refuses as %s: %s', (name, value) => {
    expect(setUpRemarks[name](value)).toBeDefined()
  })

  it.each([
    ['branch', 'release/2.x+"quoted"'],
    ['roleArn', ''],
    ['roleArn', 'arn:aws-cn:iam::123456789012:role/path/deploy'],
    ['roleArn', '${{ vars.ROLE }}'],
    ['dir', '.'],
    ['distribution', 'E2QWRUHAPOMQZL, EDFDVBD632BHDS5'],
  ] as const)('takes as %s: %s', (name, value) => {
    expect(setUpRemarks[name](value)).toBeUndefined()
  })
})

function stepsFor(texts: Readonly<Record<string, string>>, folder = ''): readonly unknown[] {
  const project = { names: Object.keys(texts), texts }
  return listSetUpSteps(project, detectGenerator(project), folder).slice(1)
}

describe('listSetUpSteps', () => {
  const astro = { 'package.json': '{"devDependencies":{"astro":"5"},"scripts":{"build":"astro build"}}' }
  const pnpm = '{"packageManager":"pnpm@10.2.0","devDependencies":{"astro":"5"}}'
  const node = actionPins.setUpNode

  it.each([
    [
      'npm',
      { ...astro, 'package-lock.json': '', '.nvmrc': '' },
      [
        { uses: node, with: { 'node-version-file': '.nvmrc', cache: 'npm' } },
        { run: 'npm ci' },
        { run: 'npm run build' },
      ],
    ],
    [
      'npm without a lock file',
      astro,
      [{ uses: node, with: { 'node-version': '24' } }, { run: 'npm install' }, { run: 'npm run build' }],
    ],
    [
      'Yarn 1',
      { ...astro, 'yarn.lock': '' },
      [
        { uses: node, with: { 'node-version': '24', cache: 'yarn' } },
        { run: 'yarn install --frozen-lockfile' },
        { run: 'yarn run build' },
      ],
    ],
    [
      'Yarn 4',
      { ...astro, 'yarn.lock': '', '.yarnrc.yml': '' },
      [
        { run: 'corepack enable' },
        { uses: node, with: { 'node-version': '24', cache: 'yarn' } },
        { run: 'yarn install --immutable' },
        { run: 'yarn run build' },
      ],
    ],
    [
      'pnpm',
      { 'package.json': pnpm, 'pnpm-lock.yaml': '', 'package-lock.json': '' },
      [
        { uses: actionPins.setUpPnpm, with: {} },
        { uses: node, with: { 'node-version': '24', cache: 'pnpm' } },
        { run: 'pnpm install --frozen-lockfile' },
        { run: 'pnpm exec astro build' },
      ],
    ],
    [
      'Bun',
      { ...astro, 'bun.lockb': '' },
      [
        { uses: actionPins.setUpBun },
        { uses: node, with: { 'node-version': '24' } },
        { run: 'bun install --frozen-lockfile' },
        { run: 'bun run build' },
      ],
    ],
    [
      'Hugo, as Netlify had it',
      { 'hugo.toml': '', 'netlify.toml': 'HUGO_VERSION = "0.121.0"' },
      [{ uses: actionPins.setUpHugo, with: { 'hugo-version': '0.121.0', extended: 'true' } }, { run: 'hugo --minify' }],
    ],
    [
      'Ruby',
      { '_config.yml': '', Gemfile: 'gem "jekyll"', '.ruby-version': '' },
      [
        { uses: actionPins.setUpRuby, with: { 'bundler-cache': 'true' } },
        { run: 'JEKYLL_ENV=production bundle exec jekyll build' },
      ],
    ],
    [
      'Ruby without a Gemfile',
      { '_config.yml': '' },
      [
        { uses: actionPins.setUpRuby, with: { 'ruby-version': '3.4' } },
        { run: 'gem install jekyll' },
        { run: 'JEKYLL_ENV=production jekyll build' },
      ],
    ],
    [
      'Python',
      { 'mkdocs.yml': 'theme:\n  name: material\n' },
      [
        { uses: actionPins.setUpPython, with: { 'python-version': '3.13' } },
        { run: 'pip install mkdocs-material' },
        { run: 'mkdocs build --strict' },
      ],
    ],
    [
      'Python with uv',
      { 'mkdocs.yml': '', 'uv.lock': '' },
      [
        { uses: actionPins.setUpPython, with: { 'python-version': '3.13' } },
        { run: 'pipx install uv && uv sync --frozen' },
        { run: 'uv run mkdocs build --strict' },
      ],
    ],
    ['nothing', { 'index.html': '' }, []],
  ])('sets up %s', (_, texts, steps) => {
    expect(stepsFor(texts as Record<string, string>)).toEqual(steps)
  })

  it('finds lock and version files in the folder of the project', () => {
    const [setUp] = stepsFor({ ...astro, 'package-lock.json': '', '.nvmrc': '' }, 'website')
    const inputs = {
      'node-version-file': 'website/.nvmrc',
      cache: 'npm',
      'cache-dependency-path': 'website/package-lock.json',
    }
    expect(setUp).toEqual({ uses: node, with: inputs })
  })
})
