// The built program on its embedded cloud: what `--local` and `freshfront local` do, from the command line to the edge.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'
import { cwd, end, freePort, freshfront, heard, start, write } from './program.ts'

interface RunningCloud {
  readonly s3Url: string
  readonly cloudFrontUrl: string
  readonly edges: readonly { readonly url: string }[]
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

describe('the embedded cloud', () => {
  it('freshfront local serves the site at every edge, deploy --local changes it, Ctrl-C ends it', async () => {
    await write('public/404.html', 'nothing here')
    const local = start(['local', 'public'])
    const ended = end(local)
    const text = await heard(local.stdout, /End with Ctrl-C/)
    const edges = [...text.matchAll(/http:\/\/127\.0\.0\.1:\d+\//g)].map(([url]) => url)
    const ask = async (path: string) =>
      Promise.all(edges.map(async (edge) => (await fetch(new URL(path, edge))).text()))
    expect(await ask('/')).toEqual(Array(3).fill('<h1>one</h1>'))
    expect(await ask('/missing')).toEqual(Array(3).fill('nothing here'))

    await write('public/index.html', '<h1>two</h1>')
    const deployed = await freshfront(['deploy', 'public', '--local', '--json'])
    expect(JSON.parse(deployed.stdout)).toMatchObject({
      result: 'fresh',
      uploads: [{ key: 'index.html' }],
      unchanged: 1,
      verification: { urls: 2, edges: 3, stale: [], unchecked: [] },
    })
    expect(await ask('/')).toEqual(Array(3).fill('<h1>two</h1>'))

    const second = await freshfront(['local'])
    expect([second.exitCode, second.stderr.split('\n')[2]]).toEqual([4, '  Code: EMBEDDED_CLOUD_RUNNING'])

    local.kill('SIGINT')
    expect((await ended).exitCode).toBe(0)
    const markdown = await freshfront(['plan', 'public', '--local', '--format', 'markdown', '--quiet'])
    expect(markdown.stdout).toContain('### Nothing to do&#58; what is live is what is in ./public.')
    const again = await freshfront(['plan', 'public', '--local'])
    expect(again.stdout).toContain('Nothing to do')
  })

  it('freshfront verify compares every edge with what is live, and ends with 5 where none answers', async () => {
    const local = start(['local', 'public'])
    const ended = end(local)
    await heard(local.stdout, /End with Ctrl-C/)
    await write('public/index.html', '<h1>not deployed</h1>')
    const verified = await freshfront(['verify', 'public', '--local', '--all'])
    expect([verified.exitCode, verified.stdout.split('\n').slice(1, 6)]).toEqual([
      0,
      ['', 'Verified 2 URLs at 3 edges', '', '1 file of the folder is not what is live: not deployed yet', ''],
    ])

    const cloud = JSON.parse(await readFile(join(cwd, '.freshfront/local/running.json'), 'utf8')) as RunningCloud
    const env = {
      AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
      AWS_ENDPOINT_URL_CLOUDFRONT: cloud.cloudFrontUrl,
      FRESHFRONT_ENDPOINT_URL: cloud.s3Url,
      FRESHFRONT_VERIFY_URL: 'http://www.example.com',
    }
    const at = (address: string) => ['--resolve', `www.example.com:80:${address}`]
    const verify = ['verify', 'public', '--bucket', 'local-site', '--quiet', '--json']
    const edges = cloud.edges.slice(0, 2).flatMap(({ url }) => at(new URL(url).host))
    const there = await freshfront([...verify, ...edges], env)
    expect(JSON.parse(there.stdout)).toMatchObject({ result: 'fresh', verification: { urls: 2, edges: 2 } })
    const nowhere = await freshfront([...verify, ...at(`127.0.0.1:${await freePort()}`)], env)
    expect([nowhere.exitCode, JSON.parse(nowhere.stdout)]).toEqual([
      5,
      expect.objectContaining({ result: 'unverified' }),
    ])

    local.kill('SIGINT')
    expect((await ended).exitCode).toBe(0)
  })

  it('freshfront status says what is live, unlock that nobody holds the lock; neither wants a folder', async () => {
    await freshfront(['deploy', 'public', '--local', '--release', 'v1', '--quiet'])
    const status = await freshfront(['status', '--local', '--json'])
    expect(JSON.parse(status.stdout)).toEqual({
      formatVersion: 1,
      bucket: 'local-site',
      prefix: '',
      release: expect.stringMatching(/^2\d{3}-/) as string,
      completedAt: expect.stringMatching(/Z$/) as string,
      commit: { id: 'v1' },
      objects: 1,
      owed: [],
      drift: { changed: [], missing: [] },
      foreign: [],
    })
    expect(await freshfront(['unlock', '--local', '--force'])).toEqual({
      exitCode: 0,
      stdout: 'The lock is free.\n',
      stderr: '',
    })
  })

  it('plan --out saves what deploy --plan carries out once, and then refuses with 4', async () => {
    await freshfront(['deploy', 'public', '--local', '--quiet'])
    await write('public/index.html', '<h1>two</h1>')
    const planned = await freshfront(['plan', 'public', '--local', '--out', 'plan.json'])
    expect(planned).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Saved as "./plan.json"') as string })
    const surplus = await freshfront(['deploy', 'public', '--plan', 'plan.json', '--delete'])
    expect(surplus.exitCode).toBe(2)
    expect(surplus.stderr).toContain('public, --delete cannot be given with --plan')
    const done = await freshfront(['deploy', '--plan', 'plan.json', '--json'])
    expect(JSON.parse(done.stdout)).toMatchObject({ result: 'fresh', uploads: [{ key: 'index.html' }] })
    const again = await freshfront(['deploy', '--plan', 'plan.json'])
    expect(again.exitCode).toBe(4)
    expect(again.stderr).toContain('The world has moved since the plan was made. In the bucket "index.html" changed.')
    const notOne = await freshfront(['deploy', '--plan', 'public/index.html'])
    expect(notOne.exitCode).toBe(2)
    expect(notOne.stderr).toContain('PLAN_NOT_READABLE')
  })

  it('a deploy that is killed leaves a lock that unlock explains and the next deploy takes over', async () => {
    const local = start(['local', 'public'])
    await heard(local.stdout, /End with Ctrl-C/)
    await write('public/index.html', '<h1>two</h1>')
    const killed = start(['deploy', 'public', '--local'])
    await heard(killed.stderr, /Invalidating/)
    killed.kill('SIGKILL')
    await end(killed)

    const explained = await freshfront(['unlock', '--local'])
    expect([explained.exitCode, explained.stdout]).toEqual([3, expect.stringContaining(`(process ${killed.pid})`)])
    const next = await freshfront(['deploy', 'public', '--local', '--json'])
    expect([next.exitCode, JSON.parse(next.stdout)]).toEqual([0, expect.objectContaining({ result: 'fresh' })])
    expect(next.stderr).toMatch(/its process is gone|its lease has ended/)
    const status = await freshfront(['status', '--local'])
    expect(status.stdout).toMatch(/Owed +nothing\nLock +free\nDrift +none\n/)
  })

  it('--include and --exclude decide by their order', async () => {
    await write('public/app.js', '1')
    await write('public/app.js.map', '2')
    const keys = async (...filters: string[]) => {
      const { stdout } = await freshfront(['deploy', 'public', '--local', '--dry-run', '--json', '--quiet', ...filters])
      const { uploads } = JSON.parse(stdout) as { uploads: { key: string }[] }
      return uploads.map(({ key }) => key).toSorted()
    }
    expect(await keys('--exclude', '*', '--include=*.js*', '--exclude=*.map')).toEqual(['app.js'])
    expect(await keys('--exclude', '*', '--exclude=*.map', '--include=*.js*')).toEqual(['app.js', 'app.js.map'])
  })
})
