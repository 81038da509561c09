// The built program as a child process: its arguments, its settings, its words and its exit codes.

import { mkdir, readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'
import { cwd, end, freePort, freshfront, heard, program, start, write } from './program.ts'

/** Nothing listens at the discard port, so that no test asks a real service. */
const credentials = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'eu-west-1',
  AWS_ENDPOINT_URL_CLOUDFRONT: 'http://127.0.0.1:9',
}

describe('help', () => {
  it.each([[[]], [['--help']], [['-h']]])('freshfront %j shows commands, examples and exit codes', async (args) => {
    const { exitCode, stdout, stderr } = await freshfront(args)
    expect([exitCode, stderr]).toEqual([0, ''])
    for (const part of ['freshfront local public', 'EXIT CODES', 'deploy          Put a folder live']) {
      expect(stdout).toContain(part)
    }
  })

  it.each([
    'deploy',
    'plan',
    'invalidate',
    'verify',
    'status',
    'unlock',
    'doctor',
    'iam',
    'headers-policy',
    'redirects',
    'local',
  ])('freshfront %s --help has examples and flags', async (command) => {
    const { exitCode, stdout } = await freshfront([command, '--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('EXAMPLES')
    expect(stdout).toContain('--config')
  })

  it('--version says which one it is', async () => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(await freshfront(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('loads nothing but the argument parser before a command runs', async () => {
    const unbundled = join(dirname(dirname(program)), 'cli', 'main.js')
    expect([...(await packagesBehind(unbundled))].toSorted()).toEqual(['@stricli/core'])
  })
})

describe('what S3 cannot do for a site', () => {
  it('freshfront headers-policy writes a response headers policy, for no bucket at all', async () => {
    await write('public/_headers', '/*\n  X-Frame-Options: DENY\n  Cache-Control: no-cache\n')
    const { exitCode, stdout, stderr } = await freshfront(['headers-policy', 'public', '--name', 'site'])
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toEqual({
      Name: 'site',
      Comment: 'Headers of *, by freshfront',
      SecurityHeadersConfig: { FrameOptions: { Override: true, FrameOption: 'DENY' } },
    })
  })

  it('freshfront redirects says who makes each line, and writes the function', async () => {
    await write('public/_redirects', '/old /new\n/index.html /\n/a/* /b/:splat 302\n')
    const listed = await freshfront(['redirects', 'public'])
    expect(listed).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `_redirects:1  /old → /new  301  an object, behind a website endpoint; else a function
_redirects:2  /index.html → /  301  not made: the site has a file there, and the status has no !
_redirects:3  /a/* → /b/:splat  302  a function
`,
    })
    const { exitCode, stdout } = await freshfront(['redirects', 'public', '--function'])
    expect([exitCode, stdout.includes('function handler(event)')]).toEqual([0, true])
  })

  it('more redirects than a function can hold are refused', async () => {
    const lines = Array.from(
      { length: 400 },
      (_, index) => `/a-path-of-some-length/${index} /somewhere-else/${index}\n`,
    )
    await write('public/_redirects', lines.join(''))
    const { exitCode, stderr } = await freshfront(['redirects', 'public', '--function'])
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/400 redirects make a function of \d+ bytes; CloudFront takes 10240\./)
  })
})

/** Packages that a built file imports statically, itself or through files of ours. */
async function packagesBehind(file: string, seen: Set<string> = new Set()): Promise<Set<string>> {
  const packages = new Set<string>()
  if (seen.has(file)) return packages
  seen.add(file)
  const imports = (await readFile(file, 'utf8')).matchAll(/^(?:import|export) (?:[^'";]* from )?['"]([^'"]+)['"]/gm)
  for (const [, specifier = ''] of imports) {
    if (specifier.startsWith('node:')) continue
    const found = specifier.startsWith('.')
      ? await packagesBehind(fileURLToPath(new URL(specifier, `file://${file}`)), seen)
      : [specifier]
    for (const name of found) packages.add(name)
  }
  return packages
}

describe('wrong usage ends with 2 and sends nothing', () => {
  it.each<[string, string[], string, string]>([
    ['an unknown command', ['deplyo'], 'There is no command "deplyo".', 'Did you mean freshfront deploy?'],
    ['a folder for a command', ['public'], 'There is no command "public".', 'Did you mean freshfront deploy public?'],
    [
      'flags before the command',
      ['--yes'],
      'There is no flag "--yes".',
      'Flags come after the command: freshfront deploy --yes …; freshfront --help shows more.',
    ],
    [
      'a flag of aws s3 sync',
      ['deploy', '--dryrun'],
      'There is no flag "--dryrun".',
      'Did you mean --dry-run? Add --help to the command to see its flags.',
    ],
    [
      'another one',
      ['deploy', '--size-only'],
      'There is no flag "--size-only".',
      'Leave it out: files are compared by content, never by size or time alone. Add --help to the command to see its flags.',
    ],
    [
      'an unknown flag',
      ['deploy', '--frobnicate'],
      'There is no flag "--frobnicate".',
      'Add --help to the command to see its flags.',
    ],
    [
      'an unknown short flag',
      ['deploy', '-x'],
      'There is no flag "-x".',
      'Add --help to the command to see its flags.',
    ],
    [
      'a flag without its value',
      ['deploy', '--bucket', '--yes'],
      '--bucket needs a value, but --yes follows.',
      'Write --bucket VALUE; a value that begins with a hyphen goes after an equals sign.',
    ],
    [
      'a flag given twice',
      ['deploy', '--bucket', 'a', '--bucket=b'],
      '--bucket is given more than once.',
      'Keep one of them.',
    ],
    ['a value for a switch', ['deploy', '--no-wait=1'], '--no-wait takes no value.', 'Write --no-wait alone.'],
    [
      'a word for a switch',
      ['deploy', '--yes=maybe'],
      '--yes: expected true or false, not "maybe".',
      'Write --yes alone, or --yes=false.',
    ],
    [
      'one of two words',
      ['plan', '--format', 'yaml'],
      '--format: expected text or json or markdown, not "yaml".',
      'Add --help to the command to see its flags.',
    ],
    [
      'two folders',
      ['deploy', 'a', 'b'],
      'There is one argument too many: "b".',
      'The second argument, if there is one, is the target: s3://bucket/prefix.',
    ],
    [
      'the target first',
      ['deploy', 's3://site', 'public'],
      'The target comes before the folder.',
      'Name the folder first: freshfront deploy public s3://site.',
    ],
    ['an empty argument', ['deploy', ''], 'An argument is empty.', 'Check the variable that it comes from.'],
    [
      'an empty value',
      ['deploy', 'public', '--profile='],
      '--profile: expected the name of an AWS profile, not "". It is empty.',
      'Correct the flag; --help says what each of them takes.',
    ],
    [
      'no bucket',
      ['deploy', 'public'],
      'No bucket was named.',
      'Use --bucket NAME, set FRESHFRONT_BUCKET, or put "bucket" in freshfront.json; to try without an account use --local.',
    ],
    ['no folder', ['deploy', 's3://my-site'], 'No folder was named to deploy.', 'Name it: freshfront deploy public.'],
    [
      'a port that is none',
      ['local', '--port', 'http'],
      '--port: expected a whole number from 1 to 65533, not "http".',
      'The two ports after it are used too, one for each edge location.',
    ],
  ])('%s', async (_, args, message, fix) => {
    const { exitCode, stdout, stderr } = await freshfront(args)
    expect(stderr).toMatch(/\n {2}Code: [A-Z_]+\n$/)
    expect(stderr.slice(0, stderr.lastIndexOf('\n  Code'))).toBe(`Error: ${message}\n  Fix:  ${fix}`)
    expect([exitCode, stdout]).toEqual([2, ''])
  })

  it('a wrong configuration names file, place and every mistake', async () => {
    await write('freshfront.json', '{ "bucket": "My_Site", "concurency": 4 }')
    const { exitCode, stderr } = await freshfront(['plan', 'public', '--region', 'Ireland'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('3 settings are not valid:')
    expect(stderr).toContain('"concurency" in freshfront.json is not a setting. Did you mean "concurrency"?')
  })
})

describe('what cannot be done', () => {
  const deploy = ['deploy', 'public', '--bucket', 'my-site']

  it('a folder that is not there is refused', async () => {
    const { exitCode, stderr } = await freshfront(['deploy', 'dist', '--bucket', 'my-site'], credentials)
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringContaining(`Error: There is no folder "${join(cwd, 'dist')}".`),
    ])
  })

  it('an empty folder is refused, whatever is confirmed', async () => {
    await mkdir(join(cwd, 'dist'))
    const { exitCode, stderr } = await freshfront(['deploy', 'dist', '--bucket', 'my-site', '--yes'], credentials)
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('Error: There is nothing to deploy in')])
  })

  it('missing credentials are one sentence', async () => {
    const { exitCode, stderr } = await freshfront(deploy)
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Error: No AWS credentials were found.\n')])
  })

  it('an endpoint where nobody listens is one sentence', async () => {
    const port = await freePort()
    const args = [...deploy, '--endpoint-url', `http://127.0.0.1:${port}`, '--quiet']
    const { exitCode, stderr } = await freshfront(args, credentials)
    expect([exitCode, stderr.split('\n')[0]]).toEqual([
      1,
      `Error: Cannot reach http://127.0.0.1:${port}: nothing listens there (connection refused).`,
    ])
  })

  it.each([
    ['of the parser', ['deploy', '--dryrun', '--json'], {}, 'UNKNOWN_FLAG'],
    ['of the settings', ['plan', '--format', 'json'], { FRESHFRONT_WAIT: 'no' }, 'CONFIG_INVALID'],
    ['of AWS', deploy, { FRESHFRONT_JSON: '1' }, 'CREDENTIALS_MISSING'],
  ])('with --json an error %s is one JSON document on stdout', async (_, args, env, code) => {
    const { exitCode, stdout } = await freshfront(args, env)
    expect(exitCode).toBeGreaterThan(0)
    expect(JSON.parse(stdout)).toEqual({
      formatVersion: 1,
      error: { code, message: expect.any(String), fix: expect.any(String) },
    })
  })
})

describe('signals', () => {
  it('the first Ctrl-C asks to finish, the second ends at once with 130', async () => {
    // A store that takes connections and never answers.
    const store = createServer()
    const connected = new Promise((resolve) => store.once('connection', resolve))
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(store.address() as AddressInfo).port}`
    const child = start(['deploy', 'public', '--bucket', 'my-site', '--endpoint-url', url], credentials)
    const ended = end(child)
    await connected
    const stopping = heard(child.stderr, /Stopping/)
    child.kill('SIGINT')
    await stopping
    child.kill('SIGINT')
    expect((await ended).exitCode).toBe(130)
    store.close()
  })
})
