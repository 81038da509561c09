import { describe, expect, it } from 'vitest'
import { memoryDistributions } from '../../test/fakes/memory-distributions.ts'
import { distribution } from '../../test/fakes/nouns.ts'
import { readDistributions } from './distributions.ts'

const other = distribution({ id: 'E2', origins: [{ id: 'x', domainName: 'other.s3.amazonaws.com', originPath: '' }] })
const disabled = distribution({ id: 'E3', enabled: false })
const second = distribution({
  id: 'E4',
  origins: [{ id: 'x', domainName: 'site.s3-website-us-east-1.amazonaws.com', originPath: '' }],
})
const all = memoryDistributions([distribution(), other, disabled, second])

describe('readDistributions', () => {
  it('finds every enabled distribution that has the bucket as an origin', async () => {
    expect((await readDistributions(all, 'site', [])).map(({ id }) => id)).toEqual(['E1', 'E4'])
  })

  it('reads the named ones only, each once', async () => {
    expect((await readDistributions(all, 'site', ['E4', 'E4'])).map(({ id }) => id)).toEqual(['E4'])
  })

  it('refuses an id that is not there', async () => {
    await expect(readDistributions(all, 'site', ['E9'])).rejects.toMatchObject({ code: 'DISTRIBUTION_NOT_FOUND' })
  })
})
