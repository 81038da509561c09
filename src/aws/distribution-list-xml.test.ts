import { describe, expect, it } from 'vitest'
import { parseDistributionList } from './distribution-list-xml.ts'

const summary = (id: string, hosts: readonly string[], extra = ''): string => `<DistributionSummary><Id>${id}</Id>
  <DomainName>d1.cloudfront.net</DomainName><Aliases><Quantity>1</Quantity><Items><CNAME>www.example.com</CNAME></Items></Aliases>
  <Origins><Quantity>${hosts.length}</Quantity><Items>${hosts
    .map(
      (host) =>
        `<Origin><Id>o</Id><DomainName>${host}</DomainName><CustomHeaders><Quantity>0</Quantity></CustomHeaders></Origin>`,
    )
    .join('')}</Items></Origins>
  <OriginGroups><Quantity>0</Quantity></OriginGroups><Comment>a &amp; b</Comment>${extra}</DistributionSummary>`
const list = (summaries: readonly string[], end = '<IsTruncated>false</IsTruncated>'): string =>
  `<?xml version="1.0"?><DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker>` +
  `<MaxItems>100</MaxItems>${end}<Quantity>${summaries.length}</Quantity>` +
  `${summaries.length === 0 ? '' : `<Items>${summaries.join('')}</Items>`}</DistributionList>`

describe('the list of distributions', () => {
  it('gives ids and the hosts of their origins, and leaves out staging', () => {
    const xml = list([
      summary('E1', ['my-site.s3.amazonaws.com', 'api.example.com']),
      summary('E2', ['my-site.s3.amazonaws.com'], '<Staging>true</Staging>'),
      summary('E3', ['other.s3.amazonaws.com'], '<Staging>false</Staging><ConnectionMode>tenant-only</ConnectionMode>'),
    ])
    expect(parseDistributionList(xml)).toEqual({
      distributions: [
        { id: 'E1', originDomainNames: ['my-site.s3.amazonaws.com', 'api.example.com'], isMultiTenant: false },
        { id: 'E3', originDomainNames: ['other.s3.amazonaws.com'], isMultiTenant: true },
      ],
      nextMarker: undefined,
    })
    expect(parseDistributionList(list([]))).toEqual({ distributions: [], nextMarker: undefined })
  })

  it('says where the next page begins', () => {
    const xml = list([summary('E1', ['a.example'])], '<NextMarker>E1</NextMarker><IsTruncated>true</IsTruncated>')
    expect(parseDistributionList(xml)?.nextMarker).toBe('E1')
  })

  it.each([
    ['an error', '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>'],
    ['one that is cut off', list([summary('E1', ['a.example'])]).slice(0, -20)],
    [
      'fewer than it says',
      list([summary('E1', ['a.example'])]).replace(
        /<Quantity>1<\/Quantity><Items><D/u,
        '<Quantity>2</Quantity><Items><D',
      ),
    ],
    ['more to come, and not where', list([], '<IsTruncated>true</IsTruncated>')],
    ['a comment', list([summary('E1', ['a.example'], '<!-- E2 -->')])],
    ['a host that is none', list([summary('E1', ['a&amp;b'])])],
    ['nothing', ''],
  ])('is not understood when it is %s', (_, xml) => {
    expect(parseDistributionList(xml)).toBeUndefined()
  })
})
