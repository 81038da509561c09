import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCommit } from './read-commit.ts'

describe('readCommit', () => {
  let dir: string
  let ids: string[]
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'freshfront-git-'))
    const name = {
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b.c',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b.c',
    }
    const git = (args: string[], date = ''): string =>
      execFileSync('git', args, {
        cwd: dir,
        env: { ...process.env, ...name, GIT_COMMITTER_DATE: date },
        encoding: 'utf8',
      })
    git(['init', '-q'])
    ids = ['2026-11-01T10:00:00+02:00', '2026-11-02T10:00:00+02:00'].map((date) => {
      git(['commit', '-q', '--allow-empty', '--no-gpg-sign', '-m', date], date)
      return git(['rev-parse', 'HEAD']).trim()
    })
  })
  afterAll(() => rm(dir, { recursive: true }))

  it('is what is checked out, with the date of the commit, when nobody names one', async () => {
    expect(await readCommit(dir, undefined, {})).toEqual({ id: ids[1], committedAt: '2026-11-02T08:00:00.000Z' })
  })

  it('is the one that GitHub runs for, and the one that the user names before that', async () => {
    const env = { GITHUB_SHA: ids[0] }
    expect((await readCommit(dir, undefined, env))?.committedAt).toBe('2026-11-01T08:00:00.000Z')
    expect((await readCommit(dir, 'HEAD', env))?.id).toBe(ids[1])
  })

  it('is what is checked out when GitHub runs for another repository', async () => {
    expect((await readCommit(dir, undefined, { GITHUB_SHA: 'f'.repeat(40) }))?.id).toBe(ids[1])
  })

  it.each(['v1.2', '--output=x', 'a b; c'])('is of unknown age when git does not know %j', async (named) => {
    expect(await readCommit(dir, named, {})).toEqual({ id: named })
  })

  it('is nothing outside of a repository', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'freshfront-no-git-'))
    expect(await readCommit(outside, undefined, {})).toBeUndefined()
    await rm(outside, { recursive: true })
  })
})
