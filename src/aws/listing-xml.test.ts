import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { parseListing, type ListingPage } from './listing-xml.ts'

const parse = (xml: string): ListingPage | undefined => parseListing(Buffer.from(xml))

const AWS = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>site</Name><Prefix></Prefix><NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken><KeyCount>1</KeyCount><MaxKeys>1</MaxKeys><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><Contents><Key>caf%C3%A9+menu/a%2Bb.html</Key><LastModified>2026-11-23T05:14:49.000Z</LastModified><ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>5</Size><StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>`
const CEPH = `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>site</Name><Prefix></Prefix><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><EncodingType>url</EncodingType><Contents><Key>a/b.html</Key><LastModified>2026-11-23T11:41:42.123Z</LastModified><ETag>&quot;0123-2&quot;</ETag><Size>9000000</Size><StorageClass>STANDARD</StorageClass><Owner><ID>testid</ID><DisplayName>M. Tester</DisplayName></Owner><Type>Normal</Type></Contents><StartAfter></StartAfter><KeyCount>1</KeyCount></ListBucketResult>`
/** Its ETags come as quotes or as `&#34;`, and it ends lines. */
const MINIO = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>site</Name><Prefix/><KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>
  <Contents><Key>a.html</Key><LastModified>2026-11-23T11:41:42.123Z</LastModified><ETag>&#34;0123&#34;</ETag><Size>0</Size><Owner><ID></ID></Owner><StorageClass>STANDARD</StorageClass></Contents>
<EncodingType>url</EncodingType></ListBucketResult>
`

describe('parseListing', () => {
  it('reads what AWS, Ceph and MinIO answer', () => {
    expect(parse(AWS)).toEqual({
      objects: [
        {
          key: 'café menu/a+b.html',
          etag: '"5d41402abc4b2a76b9719d911017c592"',
          sizeBytes: 5,
          lastModifiedMs: Date.UTC(2026, 10, 23, 5, 14, 49),
        },
      ],
      nextToken: '1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=',
    })
    expect(parse(CEPH)).toMatchObject({ objects: [{ key: 'a/b.html', etag: '"0123-2"', sizeBytes: 9_000_000 }] })
    expect(parse(MINIO)).toMatchObject({ objects: [{ key: 'a.html', etag: '"0123"', sizeBytes: 0 }] })
  })

  it.each([
    ['nothing', ''],
    ['an error', '<Error><Code>SlowDown</Code></Error>'],
    ['one that is cut off', AWS.slice(0, -30)],
    ['one whose keys are not encoded', CEPH.replace('<EncodingType>url</EncodingType>', '')],
    ['one whose keys are not well encoded', CEPH.replace('a/b', 'a%b')],
    ['one that goes on without saying where', AWS.replace(/<NextC.*Token>/u, '')],
    ['a namespace prefix', CEPH.replaceAll('ListBucketResult', 's3:ListBucketResult')],
    ['a comment', CEPH.replace('<Contents>', '<!-- <Contents> -->')],
    ['CDATA', CEPH.replace('a/b.html', '<![CDATA[a/b.html]]>')],
    ['an entity of its own', CEPH.replace('a/b', '&copy;')],
    ['folded keys', CEPH.replace('<Contents>', '<CommonPrefixes><Prefix>x/</Prefix></CommonPrefixes><Contents>')],
    ['an object without a size', CEPH.replace('<Size>9000000</Size>', '')],
    ['an object with attributes', CEPH.replace('<Contents>', '<Contents >')],
    ['an element within itself', CEPH.replace('testid', '<Owner>x</Owner>')],
    ['tags that do not match', CEPH.replace('</ID>', '</Id>')],
    ['something after the end', `${CEPH}<more/>`],
  ])('does not claim to understand %s', (_, xml) => {
    expect(parse(xml)).toBeUndefined()
  })

  it('leaves the answer as it was', () => {
    const body = Buffer.from(AWS)
    parseListing(body)
    expect(body.toString()).toBe(AWS)
  })

  it('reads every listing as a general parser does', () => {
    fc.assert(
      fc.property(listings, (xml) => {
        const page = parse(xml)
        expect(page).toBeDefined()
        expect(page).toEqual(readGenerally(xml))
      }),
    )
  })

  it('reads a damaged one as a general parser does, or not at all', () => {
    const damages = fc.tuple(
      fc.nat(),
      fc.nat(12),
      fc.constantFrom('', '<', '>', '/', '&', ' ', 'x', '<Key>', '</Contents>', '"'),
    )
    fc.assert(
      fc.property(listings, damages, (xml, [at, length, instead]) => {
        const start = at % xml.length
        const damaged = xml.slice(0, start) + instead + xml.slice(start + length)
        const page = parse(damaged)
        fc.pre(page !== undefined)
        expect(page).toEqual(readGenerally(damaged))
      }),
      { numRuns: 300 },
    )
  })
})

const encodeKey = (key: string): string =>
  encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/').replaceAll("'", '&apos;')
const contents = fc
  .record({
    key: fc.oneof(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme', minLength: 1 })),
    etag: fc.constantFrom('&quot;0123&quot;', '"0123"', '0123', '&#34;01-2&#x22;', '&quot;&quot;'),
    sizeBytes: fc.maxSafeNat().map((size) => size % 1e15),
    lastModifiedMs: fc.nat(2 ** 31 - 1).map((seconds) => seconds * 1000),
    extra: fc.constantFrom('', '<Owner><ID>a</ID></Owner>', '<StorageClass>STANDARD</StorageClass>', '<Restore/>', ' '),
  })
  .map(({ key, etag, sizeBytes, lastModifiedMs, extra }) => {
    const modified = new Date(lastModifiedMs).toISOString()
    return `<Contents><Key>${encodeKey(key)}</Key>${extra}<LastModified>${modified}</LastModified><ETag>${etag}</ETag><Size>${sizeBytes}</Size></Contents>`
  })
const tail = fc.constantFrom(
  '<IsTruncated>false</IsTruncated>',
  '<IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b</NextContinuationToken>',
)
const listings = fc
  .tuple(fc.array(contents, { maxLength: 4 }), tail, fc.constantFrom('', '\n', '<Name>é</Name><Prefix/>'))
  .map(
    ([objects, end, more]) =>
      `<?xml version="1.0"?>${more.trim() === '' ? more : ''}<ListBucketResult xmlns="x">${more}<EncodingType>url</EncodingType>${objects.join('')}${end}</ListBucketResult>`,
  )

interface GeneralAnswer {
  readonly ListBucketResult: {
    readonly Contents?: readonly Readonly<Record<'Key' | 'ETag' | 'Size' | 'LastModified', string>>[]
    readonly IsTruncated: string
    readonly NextContinuationToken: string
  }
}

function readGenerally(xml: string): ListingPage {
  const parser = new XMLParser({
    parseTagValue: false,
    trimValues: false,
    htmlEntities: true,
    isArray: (name) => name === 'Contents',
  })
  const { ListBucketResult: result } = parser.parse(xml) as GeneralAnswer
  const objects = (result.Contents ?? []).map(({ Key, ETag, Size, LastModified }) => ({
    key: decodeURIComponent(Key.replaceAll('+', '%20')),
    etag: ETag,
    sizeBytes: Number(Size),
    lastModifiedMs: Date.parse(LastModified),
  }))
  return { objects, nextToken: result.IsTruncated === 'true' ? result.NextContinuationToken : undefined }
}
