import { describe, expect, it } from 'vitest'
import { plannedCost } from '../../test/fakes/nouns.ts'
import type { FoundSecret, Refusal } from '../model.ts'
import { findRefusals, type GuardInput } from './guards.ts'

function refuse(input: Partial<GuardInput>): Refusal[] {
  return findRefusals({
    removals: [],
    liveObjects: 0,
    maxDelete: undefined,
    cost: plannedCost(),
    secrets: [],
    ...input,
  })
}

function removalsOf(count: number): GuardInput['removals'] {
  return Array.from({ length: count }, () => ({ key: 'x', reason: 'no longer in the site' as const }))
}

describe('the guard of removals', () => {
  it.each([
    ['up to 256 removals are allowed on a small site', 256, 300, undefined, []],
    ['one more is refused', 257, 300, undefined, ['TOO_MANY_REMOVALS']],
    ['on a large site, half of it', 500, 1001, undefined, []],
    ['more than half is refused', 501, 1001, undefined, ['TOO_MANY_REMOVALS']],
    ["the user's own limit counts, also below", 3, 1000, 2, ['TOO_MANY_REMOVALS']],
    ['and above', 900, 1000, 900, []],
    ['a limit of 0 allows none', 1, 1000, 0, ['TOO_MANY_REMOVALS']],
  ])('%s', (_, removals, liveObjects, maxDelete, codes) => {
    expect(refuse({ removals: removalsOf(removals), liveObjects, maxDelete }).map(({ code }) => code)).toEqual(codes)
  })

  it('says how many, of how many, and how to allow it', () => {
    expect(refuse({ removals: removalsOf(300), liveObjects: 310 })).toEqual([
      {
        code: 'TOO_MANY_REMOVALS',
        message: 'This would remove 300 of 310 objects; without a word from you the limit is 256.',
        fix: 'Check that the folder holds the whole site. If it does, allow it with --max-delete 300 or --yes.',
        confirmable: true,
      },
    ])
  })
})

describe('the guard of secrets', () => {
  const named = (...paths: string[]): FoundSecret[] => paths.map((path) => ({ path, kind: 'name' }))

  it('names them, says how to leave them out, and takes no --yes', () => {
    expect(refuse({ secrets: named('.env', '.git/') })).toEqual([
      {
        code: 'SECRETS_FOUND',
        message: 'This looks secret and would become public: ".env", ".git/".',
        fix: 'Move it out of the folder, or leave it out with --exclude ".env" --exclude ".git/*". Only what may be public after all is allowed with --allow-secrets PATTERN.',
        confirmable: false,
      },
    ])
  })

  it('says of a key in a page where it is, and nothing of the key', () => {
    const [refusal] = refuse({ secrets: [{ path: 'app.js', kind: 'AWS access key', line: 12 }] })
    expect(refusal?.message).toBe('This looks secret and would become public: "app.js" (AWS access key in line 12).')
    expect(refusal?.fix).toMatch(/^Take keys and tokens out of the text/u)
  })

  it('ends a long list', () => {
    const [refusal] = refuse({ secrets: named(...Array.from({ length: 23 }, (_, index) => `${index}.pem`)) })
    expect(refusal?.message).toMatch(/"18\.pem", "19\.pem" and 3 more\.$/u)
    expect(refusal?.fix).toContain('--exclude PATTERN, such as --exclude "0.pem"')
  })

  it('shows no control character, and writes no flag out that a shell might obey', () => {
    const [refusal] = refuse({ secrets: named('\u001b]0;.pem', '$(reboot).pem') })
    expect(refusal?.message).toBe(
      String.raw`This looks secret and would become public: "\u001b]0;.pem", "$(reboot).pem".`,
    )
    expect(refusal?.fix).toMatch(/^Move it out of the folder, or leave it out with --exclude PATTERN\. Only/u)
  })
})

describe('the guard of costs', () => {
  it('asks before the first path that costs money, and not where the user has said what it may cost', () => {
    const codes = (changes: Parameters<typeof plannedCost>[0]): string[] =>
      refuse({ cost: plannedCost(changes) }).map(({ code, fix }) => `${code}: ${fix}`)
    expect(codes({ paths: 3, freeLeft: 3 })).toEqual([])
    expect(codes({ paths: 4, freeLeft: 3, priceUsd: 0.005 })).toEqual([
      'OVER_FREE_PATHS: Allow it with --max-cost 0.005, --max-paths 4 or --yes, or deploy again next month.',
    ])
    expect(codes({ paths: 4, freeLeft: 3, allowedBy: 'maxPaths' })).toEqual([])
    expect(codes({ paths: 4, freeLeft: 3, allowedBy: 'maxCost' })).toEqual([])
  })
})
