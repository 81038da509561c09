// The short way to put an object: signed by AWS's signer and sent over the client's own connections, without the layers in between, which
// cost more than all the rest on thousands of small files. It knows success only. Whatever else happens (an error, a redirect, a lost
// connection) the caller does over through the SDK, which knows retries, regions and errors.

import type { S3Client } from '@aws-sdk/client-s3'
import { SignatureV4 } from '@smithy/signature-v4'
import type { ObjectMetadata, SiteFile } from '../model.ts'
import type { PutOptions } from '../ports.ts'
import { storageToHeaders } from './object-storage.ts'

export interface LeanPutOptions {
  readonly s3: S3Client
  readonly bucket: string
  readonly region: string
  /** Instead of AWS's own; then the bucket is in the path. */
  readonly endpointUrl: string | undefined
  /** Where the SDK, which knows profiles with an endpoint of their own, FIPS and redirects, has sent its last request to S3. */
  readonly lastHost: () => string | undefined
  /** Called for each request that is sent. */
  readonly onSend: () => void
}

/** @returns the object's ETag, or undefined when the object must be put another way; it may or may not be there then */
export type LeanPut = (
  file: SiteFile,
  body: Uint8Array,
  options: Pick<PutOptions, 'acl' | 'storage'>,
) => Promise<string | undefined>

/** Header values that need no encoding. */
const PLAIN = /^[\u0020-\u007e]*$/u

export function leanPut({ s3, bucket, region, endpointUrl, lastHost, onSend }: LeanPutOptions): LeanPut {
  const { url } = s3.config.endpointProvider({
    Bucket: bucket,
    Region: region,
    ...(endpointUrl !== undefined && { Endpoint: endpointUrl, ForcePathStyle: true }),
  })
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: s3.config.credentials,
    sha256: s3.config.sha256,
    // S3 signs the path as it is sent. @see Amazon S3 API Reference, "Create a signed AWS API request"
    uriEscapePath: false,
    applyChecksum: false,
  })
  const basePath = url.pathname.replace(/\/$/u, '')

  return async (file, body, { acl, storage }) => {
    if (lastHost() !== url.hostname) return undefined
    const headers = {
      host: url.host,
      'content-length': String(body.length),
      'content-md5': Buffer.from(file.md5, 'hex').toString('base64'),
      // The scan has hashed the body already; S3 checks the bytes against it.
      'x-amz-content-sha256': file.sha256,
      ...(acl !== undefined && { 'x-amz-acl': acl }),
      ...storageToHeaders(storage),
      ...metadataHeaders(file.metadata),
    }
    if (!Object.values(headers).every((value) => PLAIN.test(value))) return undefined
    try {
      const signed = await signer.sign({
        method: 'PUT',
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port !== '' && { port: Number(url.port) }),
        path: `${basePath}/${encodeKey(file.key)}`,
        query: {},
        headers,
      })
      onSend()
      const { response } = await s3.config.requestHandler.handle({ ...signed, body } as Parameters<
        typeof s3.config.requestHandler.handle
      >[0])
      await drain(response.body as AsyncIterable<Uint8Array>)
      return response.statusCode === 200 ? (response.headers['etag'] ?? file.etag) : undefined
    } catch {
      // The SDK finds the same trouble when it is asked, and says what it is.
      return undefined
    }
  }
}

function metadataHeaders(metadata: ObjectMetadata): Record<string, string> {
  const user = Object.entries(metadata.user ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value])
  return {
    'content-type': metadata.contentType,
    ...(metadata.cacheControl !== undefined && { 'cache-control': metadata.cacheControl }),
    ...(metadata.contentDisposition !== undefined && { 'content-disposition': metadata.contentDisposition }),
    ...(metadata.contentEncoding !== undefined && { 'content-encoding': metadata.contentEncoding }),
    ...(metadata.contentLanguage !== undefined && { 'content-language': metadata.contentLanguage }),
    ...(metadata.expires !== undefined && { expires: metadata.expires }),
    ...(metadata.websiteRedirectLocation !== undefined && {
      'x-amz-website-redirect-location': metadata.websiteRedirectLocation,
    }),
    ...Object.fromEntries(user),
  }
}

/** Every byte that RFC 3986 does not leave unreserved, slashes apart: the spelling that S3 signs. */
function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/gu, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** A connection is free for the next request when the answer has been read to its end. */
async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of body) continue
}
