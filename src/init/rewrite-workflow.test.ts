import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { actionInputs } from '../action/inputs.ts'
import { readArgs } from '../action/read-args.ts'
import { rewriteWorkflow } from './rewrite-workflow.ts'

const folder = fileURLToPath(new URL('../../test/init/workflows/', import.meta.url))
const fixtures = readdirSync(folder).filter((name) => !name.includes('.after.'))

function readFixture(name: string): { before: string; after: string } {
  const read = (file: string): string => readFileSync(folder + file, 'utf8')
  return { before: read(name), after: read(name.replace('.yml', '.after.yml')) }
}

/** A workflow with these lines as the steps of its only job. */
function workflowOf(steps: string): string {
  return `on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n${steps.replace(/^(?=.)/gmu, '      ')}`
}

function inputsOf(steps: string): unknown {
  const { text, warnings } = rewriteWorkflow(workflowOf(steps), 'deploy.yml')
  expect(warnings).toEqual([])
  const { jobs } = parse(text) as { jobs: { deploy: { steps: { uses?: string; with?: unknown }[] } } }
  return jobs.deploy.steps.find(({ uses }) => uses === 'freshfront/freshfront@v1')?.with
}

function warningsOf(steps: string): readonly string[] {
  const before = workflowOf(steps)
  const { text, rewritten, warnings } = rewriteWorkflow(before, 'deploy.yml')
  expect([text, rewritten]).toEqual([before, 0])
  return warnings
}

describe('rewriteWorkflow', () => {
  it.each(fixtures)('rewrites the steps of %s that deploy, and no other byte', (name) => {
    const { before, after } = readFixture(name)
    expect(rewriteWorkflow(before, name).text).toBe(after)
  })

  it.each(fixtures)('changes nothing more when it reads %s again', (name) => {
    const { after } = readFixture(name)
    expect(rewriteWorkflow(after, name)).toMatchObject({ text: after, rewritten: 0, usesFreshfront: true })
  })

  it.each(fixtures)('keeps the line ends of Windows in %s', (name) => {
    const { before, after } = readFixture(name)
    expect(rewriteWorkflow(before.replaceAll('\n', '\r\n'), name).text).toBe(after.replaceAll('\n', '\r\n'))
  })

  it.each(fixtures)('gives the Action inputs and args that it takes, in %s', (name) => {
    const { jobs } = parse(readFixture(name).after) as {
      jobs: Record<string, { steps: { uses?: string; with?: Record<string, string> }[] }>
    }
    const steps = Object.values(jobs).flatMap((job) => job.steps.filter(({ uses }) => uses?.startsWith('freshfront/')))
    expect(steps.length).toBeGreaterThan(0)
    for (const { with: inputs = {} } of steps) {
      expect(actionInputs.map((input) => input.name)).toEqual(expect.arrayContaining(Object.keys(inputs)))
      expect(readArgs(inputs['args'] ?? '').leftOut).toEqual([])
    }
  })

  it('takes a folder in AWS_S3_BUCKET for a prefix', () => {
    const step =
      '- uses: jakejarvis/s3-sync-action@master\n  env: { SOURCE_DIR: out, AWS_S3_BUCKET: b1b/docs, DEST_DIR: v2 }\n'
    expect(inputsOf(step)).toEqual({ source: 'out', bucket: 'b1b', prefix: 'docs/v2' })
  })

  it('rewrites a file whose last line has no end', () => {
    const { before, after } = readFixture('two-places.yml')
    expect(rewriteWorkflow(before.trimEnd(), 'a.yml').text).toBe(after.trimEnd())
  })

  it('says which jobs it leaves, and why', () => {
    expect(rewriteWorkflow(readFixture('partly.yml').before, 'partly.yml').warnings).toEqual([
      'Job careful, line 17: Freshfront has no --sse. Left as it is.',
      'Job careful, line 18: "aws s3 cp public/index.html s3://careful-site/index.html --…" changes the bucket in a way of its own. Left as it is.',
    ])
  })

  it.each([
    ['aws s3 cp site s3://b1b --recursive', { source: 'site', bucket: 'b1b' }],
    [
      'aws --region eu-west-1 s3 sync site s3://b1b/a/b/ --dryrun',
      { source: 'site', bucket: 'b1b', prefix: 'a/b', region: 'eu-west-1', 'dry-run': true },
    ],
    [
      'aws s3 sync site ${{ vars.TARGET }} --acl=private',
      { source: 'site', bucket: '${{ vars.TARGET }}', args: '--acl=private' },
    ],
    ['cd a && cd ../b && aws s3 sync ./ s3://b1b', { source: 'b/', bucket: 'b1b' }],
    [
      "aws s3 sync 'my site' s3://b1b --exclude \"it's *\"",
      { source: 'my site', bucket: 'b1b', args: `--exclude "it's *"` },
    ],
    [
      'DIR=out; aws s3 sync "$DIR" s3://b1b --exclude "$DIR/x" > /dev/null 2>&1',
      { source: 'out', bucket: 'b1b', args: "--exclude 'out/x'" },
    ],
  ])('carries over: %s', (command, inputs) => {
    expect(inputsOf(`- run: ${JSON.stringify(command)}\n`)).toEqual(inputs)
  })

  it.each([
    ['is more than a plain call', 'aws s3 sync site s3://b1b | tee log'],
    ['is more than a plain call', 'if true; then aws s3 sync site s3://b1b; fi'],
    ['is more than a plain call', 'sudo aws s3 sync site s3://b1b'],
    ['Other commands follow', 'aws s3 sync site s3://b1b && npm run notify'],
    ['What $(cat bucket) stands for', 'aws s3 sync site s3://$(cat bucket)'],
    ['What $BUCKET stands for', 'aws s3 sync site s3://$BUCKET'],
    ['What $1 stands for', 'aws s3 sync site s3://$1'],
    ['is a bucket, not a folder', 'aws s3 sync s3://a1a s3://b1b'],
    ['does not say which bucket', 'aws s3 sync a b'],
    ['no --storage-class', 'aws s3 sync site s3://b1b --storage-class STANDARD_IA'],
    ['a folder that is not known', 'cd "$(mktemp -d)" && aws s3 sync . s3://b1b'],
    ['invalidates and uploads nothing', 'aws cloudfront create-invalidation --distribution-id E1 --paths "/*"'],
    [
      'different profiles',
      'aws s3 sync site s3://b1b; aws cloudfront create-invalidation --distribution-id E1 --profile x',
    ],
    [
      'uploads more than once to s3://b1b/',
      'aws s3 sync site s3://b1b --exclude "*.html"; aws s3 sync site s3://b1b --cache-control no-cache',
    ],
  ])('leaves and warns when it %s', (words, command) => {
    const warnings = warningsOf(`- run: ${JSON.stringify(command)}\n`)
    expect(warnings.join('\n')).toContain(words)
  })

  it.each([
    [
      'under another condition',
      '- run: aws s3 sync site s3://b1b\n- run: aws cloudfront create-invalidation --distribution-id E1\n  if: always()\n',
    ],
    [
      'with other credentials',
      '- run: aws s3 sync site s3://b1b\n- uses: aws-actions/configure-aws-credentials@v4\n- run: aws cloudfront create-invalidation --distribution-id E1\n',
    ],
    [
      'AWS_PROFILE is not that',
      '- run: aws s3 sync site s3://b1b\n  env: { AWS_PROFILE: a }\n- run: aws cloudfront create-invalidation --distribution-id E1\n  env: { AWS_PROFILE: b }\n',
    ],
    [
      'before anything is uploaded',
      '- run: aws cloudfront create-invalidation --distribution-id E1\n- run: aws s3 sync site s3://b1b\n',
    ],
    [
      'an anchor or an alias',
      '- run: aws s3 sync site s3://b1b\n  env: &keys { AWS_PROFILE: a }\n- run: true\n  env: *keys\n',
    ],
    ['lines of their own', '- { run: aws s3 sync site s3://b1b }\n'],
    ['Other steps read', '- id: up\n  run: aws s3 sync site s3://b1b\n- run: echo ${{ steps.up.outcome }}\n'],
    ['Its shell is pwsh', '- shell: pwsh\n  run: aws s3 sync site s3://b1b\n'],
    ['no AWS_S3_BUCKET', '- uses: jakejarvis/s3-sync-action@master\n'],
    ['Other commands share its script', '- run: >\n    npm ci &&\n    aws s3 sync site s3://b1b\n'],
    [
      'nothing like its input "filter"',
      '- uses: reggionick/s3-deploy@v4\n  with:\n    folder: a\n    bucket: b1b\n    filter: x\n',
    ],
  ])('leaves and warns: %s', (words, steps) => {
    expect(warningsOf(steps).join('\n')).toContain(words)
  })

  it('does nothing to a workflow that deploys nothing', () => {
    const text = workflowOf('- run: npm test\n- run: aws s3 ls\n')
    expect(rewriteWorkflow(text, 'a.yml')).toEqual({
      text,
      rewritten: 0,
      usesFreshfront: false,
      warnings: [],
      notes: [],
    })
  })

  it.each([
    ['jobs: [', 'a.yml:1:8'],
    ['a: 1', 'a.yml cannot be read as a workflow: it has no jobs'],
    ['', 'it has no jobs'],
  ])('refuses what is no workflow: %s', (text, words) => {
    expect(() => rewriteWorkflow(text, 'a.yml')).toThrow(words)
  })

  it('hands on each value as it is, whatever is in it', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(...Array.from(`a: '"\\\n\t#{}[]&*!|>%@\`$-?,é😀`), '${{ x }}', '---', 'true'),
      minLength: 1,
    })
    fc.assert(
      fc.property(hostile, hostile, (source, key) => {
        const step = {
          uses: 'jakejarvis/s3-sync-action@v0.5.1',
          env: { SOURCE_DIR: source, AWS_S3_BUCKET: 'b1b', AWS_SECRET_ACCESS_KEY: key },
        }
        const [uses, env] = [JSON.stringify(step.uses), JSON.stringify(step.env)]
        const { text, rewritten } = rewriteWorkflow(workflowOf(`- uses: ${uses}\n  env: ${env}\n`), 'a.yml')
        expect(rewritten).toBe(1)
        expect((parse(text) as { jobs: { deploy: { steps: unknown[] } } }).jobs.deploy.steps).toEqual([
          {
            uses: 'freshfront/freshfront@v1',
            with: { source: source === 'true' ? true : source, bucket: 'b1b' },
            env: { AWS_SECRET_ACCESS_KEY: key === 'true' ? true : key },
          },
        ])
      }),
      { numRuns: 100 },
    )
  })
})
