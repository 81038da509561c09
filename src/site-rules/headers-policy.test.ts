import { describe, expect, it } from 'vitest'
import type { HeaderRule } from '../model.ts'
import { makeHeadersPolicies } from './headers-policy.ts'

function rule(pattern: string, set: HeaderRule['set'], detach: readonly string[] = []): HeaderRule {
  return { pattern, set, detach }
}

describe('makeHeadersPolicies', () => {
  it('puts each header where CloudFront wants it', () => {
    const set = {
      'Content-Security-Policy': "default-src 'self'",
      'X-Content-Type-Options': 'nosniff',
      'x-frame-options': 'sameorigin',
      'Referrer-Policy': 'strict-origin',
      'Strict-Transport-Security': 'max-age=63072000; includeSubDomains; preload',
      'X-XSS-Protection': '1; mode=block',
      'Access-Control-Allow-Origin': 'https://a.example, https://b.example',
      'Access-Control-Max-Age': '600',
      'X-Robots-Tag': 'noindex',
    }
    expect(makeHeadersPolicies([rule('/*', set)], 'site')).toEqual({
      policies: [
        {
          pathPattern: '*',
          ResponseHeadersPolicyConfig: {
            Name: 'site',
            Comment: 'Headers of *, by freshfront',
            SecurityHeadersConfig: {
              ContentSecurityPolicy: { Override: true, ContentSecurityPolicy: "default-src 'self'" },
              ContentTypeOptions: { Override: true },
              FrameOptions: { Override: true, FrameOption: 'SAMEORIGIN' },
              ReferrerPolicy: { Override: true, ReferrerPolicy: 'strict-origin' },
              StrictTransportSecurity: {
                Override: true,
                AccessControlMaxAgeSec: 63072000,
                IncludeSubdomains: true,
                Preload: true,
              },
              XSSProtection: { Override: true, Protection: true, ModeBlock: true },
            },
            CorsConfig: {
              AccessControlAllowOrigins: { Quantity: 2, Items: ['https://a.example', 'https://b.example'] },
              AccessControlAllowHeaders: { Quantity: 1, Items: ['*'] },
              AccessControlAllowMethods: { Quantity: 2, Items: ['GET', 'HEAD'] },
              AccessControlAllowCredentials: false,
              AccessControlMaxAgeSec: 600,
              OriginOverride: true,
            },
            CustomHeadersConfig: {
              Quantity: 1,
              Items: [{ Header: 'X-Robots-Tag', Value: 'noindex', Override: true }],
            },
          },
        },
      ],
      remarks: [],
    })
  })

  it('says in the policy of a narrower behavior what the wider one says, too, narrower ones first', () => {
    const rules = [
      rule('/*', { 'X-A': '1', 'X-B': '1' }),
      rule('/blog/*', { 'X-A': '2' }, ['X-B']),
      rule('*.pdf', { 'X-C': '3' }),
    ]
    const { policies } = makeHeadersPolicies(rules, 'site')
    const said = policies.map(({ pathPattern, ResponseHeadersPolicyConfig: config }) => [
      pathPattern,
      config['Name'],
      config['CustomHeadersConfig'],
    ])
    const item = (Header: string, Value: string): object => ({ Header, Value, Override: true })
    expect(said).toEqual([
      ['/blog/*', 'site-1', { Quantity: 1, Items: [item('X-A', '2')] }],
      ['/*.pdf', 'site-2', { Quantity: 3, Items: [item('X-A', '1'), item('X-B', '1'), item('X-C', '3')] }],
      ['*', 'site-3', { Quantity: 2, Items: [item('X-A', '1'), item('X-B', '1')] }],
    ])
  })

  it('says what a policy cannot say', () => {
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`X-${index}`, '1']))
    const set = { ...many, 'X-Frame-Options': 'ALLOW-FROM https://a.example', 'Access-Control-Max-Age': '1' }
    expect(makeHeadersPolicies([rule('/:lang/x', set)], 'site').remarks).toEqual([
      'CloudFront has no placeholders: /:lang/x becomes /*/x, in which * also matches /.',
      'A response headers policy cannot say X-Frame-Options: ALLOW-FROM https://a.example.',
      'access-control-max-age without access-control-allow-origin are left out.',
      'The policy of /*/x has 11 custom headers; CloudFront takes 10 unless the quota is raised.',
    ])
  })
})
