import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runApp } from '../run-app.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'freshfront-iam-'))
})
afterEach(() => rm(cwd, { recursive: true }))

async function iam(...args: readonly string[]): Promise<{ exitCode: number; result: string; status: string }> {
  let result = ''
  let status = ''
  const terminal = {
    writeResult: (text: string) => void (result += text),
    writeStatus: (text: string) => void (status += text),
    writeProgress: () => undefined,
    result: { colors: false },
    status: { colors: false, tty: false },
  }
  const world = { terminal, env: {}, cwd, readInput: async () => '', interruption: new AbortController().signal }
  const exitCode = await runApp(['iam', '--bucket', 'my-site', ...args], world)
  return { exitCode, result, status }
}

const account = ['--account', '123456789012']

describe('freshfront iam', () => {
  it('writes the one policy that was asked for, ready to be used', async () => {
    const { exitCode, result, status } = await iam('--only', 'bucket', '--prefix', 'blog', ...account)
    expect([exitCode, status]).toEqual([0, ''])
    expect(Object.keys(JSON.parse(result) as object)).toEqual(['Version', 'Statement'])
    expect(result).toContain('arn:aws:s3:::my-site/blog/.freshfront/*')
  })

  it('writes all of them by name, and says which one it had to leave out', async () => {
    const { result, status } = await iam(...account)
    expect(Object.keys(JSON.parse(result) as object)).toEqual(['role', 'bucket'])
    expect(status).toContain('name the repository with --repo')
    const all = await iam('--repo', 'octo/site', ...account)
    expect(Object.keys(JSON.parse(all.result) as object)).toEqual(['role', 'trust', 'bucket'])
    expect(all.status).toBe('')
  })

  it('has the setting of freshfront.json and of its flags in the role', async () => {
    expect((await iam('--only', 'role', ...account)).result).not.toContain('PutObjectAcl')
    expect((await iam('--only', 'role', '--acl', 'public-read', ...account)).result).toContain('s3:PutObjectAcl')
    expect((await iam('--only', 'role', '--count-account', ...account)).result).toContain(
      'cloudfront:ListInvalidations',
    )
  })

  it.each<[string, string[], string]>([
    ['no account', [], 'The policies name the account'],
    ['a short account', ['--account', '1234'], '--account: expected twelve digits, not "1234".'],
    ['a trust policy without a repository', ['--only', 'trust', ...account], '--only trust needs --repo.'],
    ['a branch without a repository', ['--branch', 'main', ...account], '--branch says something about no repository.'],
    [
      'a repository that is a URL',
      ['--repo', 'https://github.com/octo/site', ...account],
      '--repo: expected OWNER/NAME',
    ],
    ['a repository with a wildcard', ['--repo', 'octo/*', ...account], '--repo: expected OWNER/NAME, not "octo/*".'],
    ['a repository that closes a quote', ['--repo', 'octo/x"}', ...account], '--repo: expected OWNER/NAME'],
    [
      'branch and environment',
      ['--repo', 'o/s', '--branch', 'a', '--environment', 'b', ...account],
      'cannot both be asked for',
    ],
    ['one id alone', ['--repo', 'o/s', '--owner-id', '1', ...account], '--owner-id and --repo-id belong together.'],
    ['an id that is none', ['--repo', 'o/s', '--owner-id', '*', '--repo-id', '1', ...account], 'Expected a number'],
    ['a role name with a template', ['--role-name', '${x}', ...account], '--role-name: expected up to 64'],
    [
      'a branch with a line break',
      ['--repo', 'o/s', '--branch', 'a\nb', ...account],
      'No branch or environment is called "a\\nb".',
    ],
    [
      'a look-up in CloudFormation',
      ['--prefix', '{{resolve:ssm:x}}', '--format', 'cloudformation'],
      'CloudFormation would look up',
    ],
    ['an unknown format', ['--format', 'yaml'], '--format: expected json or cloudformation or terraform, not "yaml".'],
  ])('refuses %s, and writes nothing', async (_, args, sentence) => {
    const { exitCode, result, status } = await iam(...args)
    expect([exitCode, result]).toEqual([2, ''])
    expect(status).toContain(sentence)
  })
})
