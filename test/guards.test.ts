// What a deploy refuses, keeps and never shows raw: on the embedded cloud, and through the program where a user meets it.

import { symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runApp } from '../src/cli/run-app.ts'
import { openTerminal } from '../src/cli/terminal.ts'
import { type Cloud, startCloud } from './cloud.ts'

// Put together here, so that no scanner of repositories takes it for what it only looks like.
const awsKeyPair = `AKIA${'Z4JQXN2MWE7RKTBD'} ${['pG3vKx9QmZ7tYw1L', 'cRb5Nf8HsDj2Ua4E', 'Xo6iTq0V'].join('')}`

describe('on the embedded cloud', () => {
  let cloud: Cloud
  beforeEach(async () => {
    cloud = await startCloud()
  })
  afterEach(() => cloud.close())

  const listKeys = async (): Promise<string[]> => {
    const keys: string[] = []
    for await (const page of cloud.ports.bucket.listObjects('')) keys.push(...page.map(({ key }) => key))
    return keys.filter((key) => !key.startsWith('.freshfront/'))
  }

  it('a secret stops the deploy, confirmed or not, until it is left out or allowed', async () => {
    await cloud.write({ 'index.html': 'home', '.env': 'PASSWORD=x', 'app.js': `// 1\n// ${awsKeyPair}` })
    const refused = await cloud.deploy({ yes: true })
    expect(refused).toMatchObject({ result: 'refused', uploaded: [] })
    expect(refused.plan.refusals.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'SECRETS_FOUND: This looks secret and would become public: ".env", "app.js" (AWS access key in line 2).',
    ])
    expect(await listKeys()).toEqual([])
    expect((await cloud.deploy({}, { mode: 'plan' })).plan.refusals).toEqual(refused.plan.refusals)
    await cloud.deploy({ filters: [{ kind: 'exclude', pattern: '.env' }], allowSecrets: ['app.js'] })
    expect(await listKeys()).toEqual(['app.js', 'index.html'])
  })

  it('a key that --keep matches outlives the build and stays warm, until a run without it removes it', async () => {
    await cloud.write({ 'index.html': 'home', 'uploads/deep/a.txt': 'a', 'uploads.html': 'page' })
    await cloud.deploy({ prefix: 'site/' })
    for (const _ of [1, 2]) await cloud.ask('/site/uploads/deep/a.txt')
    await cloud.write({ 'uploads/deep/a.txt': undefined, 'uploads.html': undefined, 'index.html': 'new' })
    const kept = await cloud.deploy({ prefix: 'site/', keep: ['uploads/*'], delete: true })
    expect([kept.result, kept.removed]).toEqual(['fresh', ['site/uploads.html']])
    expect(kept.plan.keptByRule).toEqual([{ key: 'site/uploads/deep/a.txt', isOwn: true }])
    for (const { xCache, body } of await cloud.ask('/site/uploads/deep/a.txt')) {
      expect([xCache, body]).toEqual(['Hit from cloudfront', 'a'])
    }
    expect((await cloud.deploy({ prefix: 'site/', keep: ['uploads/*'] })).result).toBe('nothing to do')
    expect((await cloud.deploy({ prefix: 'site/' })).removed).toEqual(['site/uploads/deep/a.txt'])
    for (const { status } of await cloud.ask('/site/uploads/deep/a.txt')) expect(status).toBe(403)
  })

  it('--delete spares what --keep matches and somebody else has put there', async () => {
    await cloud.write({ 'index.html': 'home' })
    for (const key of ['ads.txt', 'old.html']) await cloud.ports.bucket.putDocument(key, Buffer.from(key), 'text/plain')
    const outcome = await cloud.deploy({ delete: true, keep: ['ads.*'] })
    expect([outcome.removed, outcome.plan.foreign]).toEqual([['old.html'], []])
    expect(await listKeys()).toEqual(['ads.txt', 'index.html'])
    expect((await cloud.deploy()).plan.foreign).toEqual(['ads.txt'])
  })
})

it('an object that S3 refuses to delete is a failure by its name, is owed, and goes with the next run', async () => {
  let refuses = true
  const body = Buffer.from(
    '<DeleteResult><Error><Key>b.html</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>',
  )
  const cloud = await startCloud({
    emulator: {
      intercept: (_, { method, target }) =>
        refuses && method === 'POST' && /[?&]delete\b/u.test(target)
          ? { status: 200, headers: { 'Content-Type': 'application/xml' }, body }
          : undefined,
    },
  })
  try {
    await cloud.write({ 'index.html': 'home', 'a.html': 'a', 'b.html': 'b' })
    await cloud.deploy()
    await cloud.ask('/b.html')
    await cloud.write({ 'a.html': undefined, 'b.html': undefined })
    const failed = await cloud.deploy()
    expect(failed).toMatchObject({
      result: 'failed',
      removed: ['a.html'],
      failures: [{ what: 'remove b.html', code: 'AccessDenied', message: 'Access Denied' }],
    })
    refuses = false
    expect(await cloud.deploy()).toMatchObject({ result: 'fresh', removed: expect.arrayContaining(['b.html']) })
    for (const { status } of await cloud.ask('/b.html')) expect(status).toBe(403)
  } finally {
    await cloud.close()
  }
})

describe('through the program', () => {
  let cloud: Cloud
  beforeEach(async () => {
    cloud = await startCloud()
    await cloud.write({ 'index.html': '<h1>one</h1>' })
    // The SDK asks the environment of the process.
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFRONT', cloud.emulator.cloudFrontUrl)
    vi.stubEnv('AWS_ACCESS_KEY_ID', cloud.emulator.credentials.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', cloud.emulator.credentials.secretAccessKey)
    vi.stubEnv('AWS_REGION', cloud.emulator.region)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await cloud.close()
  })

  /** Both channels are terminals; purges are not waited for, since the cloud's clock is the test's. */
  async function freshfront(
    command: string,
    ...args: string[]
  ): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const said = { stdout: '', stderr: '' }
    const stream = (name: keyof typeof said) => ({ isTTY: true, write: (text: string) => (said[name] += text) })
    const bucket = args.includes('--bucket') ? [] : ['--bucket', 'site']
    const exitCode = await runApp(
      [
        command,
        ...args,
        ...bucket,
        '--endpoint-url',
        cloud.emulator.s3Url,
        ...(command === 'deploy' ? ['--no-wait'] : []),
      ],
      {
        terminal: openTerminal(stream('stdout'), stream('stderr'), {}),
        env: {},
        cwd: dirname(cloud.dir),
        readInput: async () => '',
        interruption: new AbortController().signal,
      },
    )
    return { exitCode, ...said }
  }

  it('a repository that is deployed as a site is refused with 3 and the flag that leaves its .git out', async () => {
    await cloud.write({ '.git/HEAD': 'ref: refs/heads/main' })
    const { exitCode, stdout } = await freshfront('deploy', cloud.dir, '--yes')
    expect(exitCode).toBe(3)
    expect(stdout.replaceAll(/\s+/gu, ' ')).toContain(
      'This looks secret and would become public: ".git/". Fix: Move it out of the folder, or leave it out with --exclude ".git/*".',
    )
    expect(JSON.parse((await freshfront('plan', cloud.dir, '--json')).stdout)).toMatchObject({
      result: 'planned',
      refusals: [{ code: 'SECRETS_FOUND', confirmable: false }],
    })
    expect((await freshfront('deploy', cloud.dir, '--exclude', '.git/*')).exitCode).toBe(0)
  })

  it('a link that leaves the folder or goes round in it is refused with 3', async () => {
    await symlink(dirname(fileURLToPath(import.meta.url)), join(cloud.dir, 'media'))
    const refused = await freshfront('deploy', cloud.dir, '--yes')
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('Code: SYMLINK_LEAVES_SOURCE')])
    const plan = await freshfront('plan', cloud.dir, '--follow-symlinks', '--json')
    expect(plan.stdout).toContain('"key": "media/guards.test.ts"')
    await symlink('.', join(cloud.dir, 'round'))
    const loop = await freshfront('deploy', cloud.dir, '--follow-symlinks')
    expect([loop.exitCode, loop.stderr]).toEqual([3, expect.stringContaining('Code: SYMLINK_LOOP')])
  })

  it('no name of a file reaches the terminal raw, whatever is said about it', async () => {
    const evil = '\u001b]0;owned\u0007\u009b2J\u202e\nnewline'
    const shown = String.raw`\u001b]0;owned\u0007\u009b2J\u202e\nnewline`
    const said: string[] = []
    const hear = async (...args: [string, ...string[]]): Promise<string> => {
      const { stdout, stderr } = await freshfront(...args)
      // What our own line of progress begins with.
      said.push(stdout, stderr.replaceAll('\r\u001b[2K', ''))
      return stdout + stderr
    }
    await cloud.write({ [`${evil}.html`]: 'one', [`${evil}.pem`]: 'secret' })
    expect(await hear('plan', cloud.dir)).toContain(`would become public: "${shown}.pem"`)
    await cloud.write({ [`${evil}.pem`]: undefined })
    expect(await hear('deploy', cloud.dir)).toMatch(/Uploading 1\/2, .*Recorded release/su)
    await cloud.write({ [`${evil}.html`]: 'two', [`${evil}-2.html`]: 'new' })
    expect(await hear('plan', cloud.dir)).toContain(`instead of purging: edges may have cached that`)
    expect(await hear('deploy', cloud.dir, '--json')).toContain(`"key": "${shown}.html"`)
    await cloud.write({ [`${evil}.html`]: undefined })
    expect(await hear('plan', cloud.dir)).toContain(`- "${shown}.html"  no longer in the site`)
    expect(await hear('deploy', cloud.dir, '--keep', '*owned*')).toContain(`kept by --keep: "${shown}.html"`)
    await cloud.ports.bucket.putDocument(`foreign ${evil}`, Buffer.from(''), 'text/plain')
    expect(await hear('status')).toContain(`foreign ${shown}`)
    await symlink('/nowhere', join(cloud.dir, evil))
    expect(await hear('deploy', cloud.dir)).toContain(`The symlink "${shown}" points to nothing.`)
    expect(await hear('deploy', join(cloud.dir, `no ${evil}`))).toContain(`no ${shown}`)
    expect(await hear('deploy', cloud.dir, '--bucket', evil)).toContain(shown)
    for (const text of said) {
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u)
      expect(text).not.toMatch(/^\W*newline/mu)
    }
  })
})
