import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createSecretSearch, lineOf } from './secret-contents.ts'

const folder = mkdtempSync(join(tmpdir(), 'secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))

// Put together here, so that no scanner of repositories takes them for what they only look like.
const id = `AKIA${'Z4JQXN2MWE7RKTBD'}`
const secret = ['pG3vKx9QmZ7tYw1L', 'cRb5Nf8HsDj2Ua4E', 'Xo6iTq0V'].join('')
const body = ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJ', 'TUt9Us8cKj'].join('')
const opening = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ')

/** Looks through the pieces of one file. */
function find(...pieces: (string | Buffer)[]): string | undefined {
  const search = createSecretSearch()
  for (const piece of pieces) search.look(Buffer.from(piece))
  const found = search.found()
  return found && `${found.kind} at ${found.offsetBytes}`
}

describe('a secret in a text', () => {
  it.each([
    ['an AWS key pair', `key: ${id}, secret: ${secret}`, 'AWS access key at 6'],
    ['a temporary one', `${secret}\nASIA${id.slice(4)}`, 'AWS access key at 42'],
    ['one in marked-up code', `<span>${id}</span>\n<span class="s">${secret}</span>`, 'AWS access key at 7'],
    ['a secret key of the AWS configuration', `aws_secret_access_key = ${secret}`, 'AWS access key at 10'],
    ['a secret key of the environment', `export AWS_SECRET_ACCESS_KEY="${secret}"`, 'AWS access key at 17'],
    ['a secret key of a program', `{secretAccessKey:'${secret}'}`, 'AWS access key at 13'],
    ['a private key', `${opening}\n${body}\n`, 'private key at 19'],
    ['one in JSON', `"${opening}\\n${body}\\n"`, 'private key at 20'],
    ['one of OpenPGP', `-----BEGIN PGP ${'PRIVATE KEY BLOCK'}-----\nVersion: 2\n\n${body}`, 'private key at 23'],
    ['a GitHub token', `token=ghp_${secret.slice(0, 36)}`, 'GitHub token at 9'],
    ['a fine-grained one', `github_pat_${secret.slice(0, 22)}_${(secret + secret).slice(0, 59)}`, 'GitHub token at 6'],
  ])('%s', (_, text, place) => {
    expect(find(text)).toBe(place)
  })

  it('of several, the first', () => {
    expect(find(`${opening}\n${body}\n${id} ${secret}`)).toBe('private key at 19')
    expect(find(`${id} ${secret}\n${opening}\n${body}`)).toBe('AWS access key at 1')
  })

  it('may lie across two pieces, however they are cut', () => {
    const text = `${'.'.repeat(3000)}${id} = ${secret}`
    for (let cut = 2990; cut < text.length; cut += 1) {
      expect(find(text.slice(0, cut), text.slice(cut))).toBe('AWS access key at 3001')
    }
  })
})

describe('no secret', () => {
  it.each([
    ["AWS's example of a key pair", `AKIA${'IOSFODNN7EXAMPLE'} wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`],
    ["AWS's example of a configuration", 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['an id without its secret, as in a signed URL', `?X-Amz-Credential=${id}%2F20261123&X-Amz-Signature=0a1b`],
    ['an id beside a hash of Git', `${id} 3f786850e387550fdab836ed7e6dc881de23001b`],
    ['an id beside a digest in base64', `${id} sha256-${secret}abc=`],
    ['an id far from any secret', `${id}${' '.repeat(300)}${secret}`],
    ['a longer word that holds an id', `X${id}B ${secret}`],
    ['a program that takes a key', 'new Client({ secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY })'],
    ['a placeholder of a secret key', `secretAccessKey: "${'x'.repeat(40)}"`],
    ['a program that reads keys', `if (text.startsWith("${opening}")) parse(text)`],
    ['a private key that is left out', `${opening}\nMIIEvQIBADAN...\n-----END`],
    ['a public key', `-----BEGIN PUBLIC KEY-----\n${body}`],
    ['a placeholder of a token', `ghp_${'x'.repeat(36)}`],
    ['a name that ends like a token', `graph_${'ghp_'}short`],
  ])('%s', (_, text) => {
    expect(find(text)).toBeUndefined()
  })

  it('is looked for in what is not text', () => {
    expect(find(`\0${id} ${secret}`)).toBeUndefined()
  })

  it('is looked for beyond 8 MiB', () => {
    const piece = Buffer.alloc(4 * 1024 * 1024, '.')
    expect(find(piece, `${id} ${secret}`)).toBe('AWS access key at 4194305')
    expect(find(piece, piece, `${id} ${secret}`)).toBeUndefined()
  })
})

it('the line of a place is counted from 1', async () => {
  const filePath = join(folder, 'lines')
  writeFileSync(filePath, 'a\nb\n\nc')
  expect(await Promise.all([0, 1, 2, 5].map((offset) => lineOf(filePath, offset)))).toEqual([1, 1, 2, 4])
})
