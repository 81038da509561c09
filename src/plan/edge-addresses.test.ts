import { describe, expect, it } from 'vitest'
import { distribution } from '../../test/fakes/nouns.ts'
import { ownAddresses, planAddresses } from './edge-addresses.ts'

const www = distribution({ id: 'E1', aliases: ['www.example.com', 'example.com'] })
const cdn = distribution({ id: 'E2', domainName: 'd2.cloudfront.net', aliases: ['*.cdn.example.com'] })

const addresses = (verifyUrls: string[], resolve = {}, distributions = [www, cdn]): string[] =>
  planAddresses({ distributions, config: { verifyUrls, ...resolve }, edges: [] }).map(
    (each) => `${each.distribution} ${each.origin}${each.address === undefined ? '' : ` at ${each.address}`}`,
  )

describe('planAddresses', () => {
  it('gives each address of the site to the distribution that answers to its host', () => {
    expect(addresses(['https://example.com', 'https://img.cdn.example.com', 'http://d2.cloudfront.net'])).toEqual([
      'E1 https://example.com',
      'E2 https://img.cdn.example.com',
      'E2 http://d2.cloudfront.net',
    ])
  })

  it('takes a host that nobody has for the only distribution, and refuses it where there are several', () => {
    expect(addresses(['https://www.example.org'], {}, [www])).toEqual(['E1 https://www.example.org'])
    expect(() => addresses(['https://www.example.org'])).toThrow('No distribution of the site answers to')
  })

  it('asks at every address to which the host is pinned', () => {
    const resolve = [
      { host: 'example.com', port: 443, addresses: ['203.0.113.7:443', '[2001:db8::1]:443'] },
      { host: 'example.com', port: 443, addresses: ['127.0.0.1:8443'] },
      { host: 'example.com', port: 80, addresses: ['127.0.0.1:8080'] },
    ]
    expect(addresses(['https://example.com'], { resolve })).toEqual([
      'E1 https://example.com at 203.0.113.7:443',
      'E1 https://example.com at [2001:db8::1]:443',
      'E1 https://example.com at 127.0.0.1:8443',
    ])
    expect(addresses(['https://example.com:8443'], { resolve })).toEqual(['E1 https://example.com:8443'])
  })

  it('asks embedded edge locations for each distribution by its own name', () => {
    expect(planAddresses({ distributions: [www], config: {}, edges: ['127.0.0.1:1', '127.0.0.1:2'] })).toEqual([
      { distribution: 'E1', origin: 'http://d1.cloudfront.net', address: '127.0.0.1:1' },
      { distribution: 'E1', origin: 'http://d1.cloudfront.net', address: '127.0.0.1:2' },
    ])
  })

  it('asks nowhere unless it is told to', () => {
    expect(planAddresses({ distributions: [www], config: {}, edges: [] })).toEqual([])
    expect(ownAddresses([www])).toEqual([{ distribution: 'E1', origin: 'https://d1.cloudfront.net' }])
  })
})
