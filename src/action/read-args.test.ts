// `args` of a workflow: flags of ours, flags of the AWS CLI, and slips.

import { describe, expect, it } from 'vitest'
import { readArgs } from './read-args.ts'

describe('readArgs', () => {
  it('reads the arguments that s3-sync-action recommends', () => {
    expect(readArgs("--acl public-read --follow-symlinks --delete --exclude '.git/*' --include=a")).toEqual({
      flags: { acl: 'public-read', followSymlinks: true, delete: true },
      filters: [
        { kind: 'exclude', pattern: '.git/*' },
        { kind: 'include', pattern: 'a' },
      ],
      leftOut: [],
    })
  })

  it.each<[string, object]>([
    ['--no-follow-symlinks --no-wait', { followSymlinks: false, wait: false }],
    ['--dryrun', { dryRun: true }],
    ['--delete=false', { delete: false }],
    ['--cache-control max-age=60 --cache-control no-store', { cacheControl: 'no-store' }],
    ['--distribution E1 --distribution E2', { distribution: ['E1', 'E2'] }],
    ['--quiet --region eu-west-1', { quiet: true, region: 'eu-west-1' }],
  ])('%s', (args, flags) => {
    expect(readArgs(args).flags).toEqual(flags)
  })

  it('names the flags that change nothing, and takes their values along', () => {
    const { flags, leftOut } = readArgs('--size-only --no-progress --page-size 100 --size-only --delete')
    expect(leftOut).toEqual(['--size-only', '--no-progress', '--page-size'])
    expect(flags).toEqual({ delete: true })
  })

  it.each([
    ['--sse-c AES256', '--sse-c of aws s3 sync cannot be had in args.'],
    ['--follow-symlink', 'There is no flag "--follow-symlink".'],
    ['--no-force', 'There is no flag "--no-force".'],
    ['--json', '--json has no place in args.'],
    ['--acl', '--acl in args needs a value.'],
    ['--acl --delete', '--acl in args needs a value.'],
    ['--delete=maybe', '--delete in args: expected true or false, not "maybe".'],
    ['public s3://b', 'There is "public" in args, which is no flag.'],
    ['-v', 'There is "-v" in args, which is no flag.'],
    ['--__proto__=x', 'which is no flag.'],
  ])('%s is refused with a sentence', (args, sentence) => {
    expect(() => readArgs(args)).toThrow(sentence)
  })
})
