import { describe, expect, it } from 'vitest'
import { bucketNotFound, FreshfrontError } from '../errors.ts'
import { isMissingKey, toFreshfrontError, type RequestContext } from './aws-errors.ts'

const s3: RequestContext = {
  service: 'S3',
  operation: 'PutObject',
  target: 'site',
  key: 'a.html',
  region: 'eu-west-1',
  endpoint: 'S3 in eu-west-1',
}
const cloudFront: RequestContext = {
  service: 'CloudFront',
  operation: 'CreateInvalidation',
  target: 'E1',
  endpoint: 'CloudFront',
}

function told(name: string, more: object = {}, context: RequestContext = s3, message = 'The service said so.'): string {
  const error = toFreshfrontError(Object.assign(new Error(message), { name }, more), context)
  return error instanceof FreshfrontError ? `${error.code}: ${error.message}` : 'not translated'
}

describe('toFreshfrontError', () => {
  it.each([
    ['NoSuchBucket', {}, 'BUCKET_NOT_FOUND: There is no bucket "site" at S3 in eu-west-1.'],
    ['AccessDenied', {}, 'ACCESS_DENIED: These credentials may not do s3:PutObject on arn:aws:s3:::site/a.html.'],
    [
      'UnknownError',
      { $metadata: { httpStatusCode: 403 } },
      'ACCESS_DENIED: These credentials may not do s3:PutObject on arn:aws:s3:::site/a.html.',
    ],
    ['InvalidAccessKeyId', {}, 'CREDENTIALS_REFUSED: S3 refused the credentials: the access key is not known.'],
    [
      'SignatureDoesNotMatch',
      {},
      'CREDENTIALS_REFUSED: S3 refused the credentials: the secret key does not belong to the access key.',
    ],
    [
      'ExpiredToken',
      {},
      'CREDENTIALS_REFUSED: S3 refused the credentials: the session token has expired or is not valid.',
    ],
    ['CredentialsProviderError', {}, 'CREDENTIALS_MISSING: No AWS credentials were found.'],
    [
      'PermanentRedirect',
      { $response: { headers: { 'x-amz-bucket-region': 'us-west-2' } } },
      'WRONG_REGION: The bucket "site" is not in eu-west-1 but in us-west-2.',
    ],
    [
      'AuthorizationHeaderMalformed',
      { Region: 'us-west-2' },
      'WRONG_REGION: The bucket "site" is not in eu-west-1 but in us-west-2.',
    ],
    [
      'Error',
      { code: 'ECONNREFUSED' },
      'ENDPOINT_UNREACHABLE: Cannot reach S3 in eu-west-1: nothing listens there (connection refused).',
    ],
    [
      'Error',
      { code: 'ENOTFOUND' },
      'ENDPOINT_UNREACHABLE: Cannot reach S3 in eu-west-1: its host name is not known (DNS).',
    ],
    ['TimeoutError', {}, 'ENDPOINT_UNREACHABLE: Cannot reach S3 in eu-west-1: there is no answer.'],
    ['EntityTooLarge', {}, 'SERVICE_FAILED: S3 PutObject failed with EntityTooLarge: The service said so.'],
  ])('says of %s %j: %s', (name, more, sentence) => {
    expect(told(name, more)).toBe(sentence)
  })

  it.each([
    ['NoSuchDistribution', 'DISTRIBUTION_NOT_FOUND: There is no CloudFront distribution "E1" in this account.'],
    [
      'TooManyInvalidationsInProgress',
      'INVALIDATIONS_IN_PROGRESS: CloudFront takes no more invalidations for E1 while so many are in progress.',
    ],
    ['AccessDenied', 'ACCESS_DENIED: These credentials may not do cloudfront:CreateInvalidation on distribution E1.'],
  ])("says of CloudFront's %s: %s", (name, sentence) => {
    expect(told(name, {}, cloudFront)).toBe(sentence)
  })

  it("names S3's permission where it is not called after the operation", () => {
    expect(told('AccessDenied', {}, { ...s3, operation: 'UploadPart' })).toContain('s3:PutObject on')
    const listing: RequestContext = { service: 'S3', operation: 'ListObjectsV2', target: 'site', endpoint: 'S3' }
    expect(told('AccessDenied', {}, listing)).toContain('s3:ListBucket on arn:aws:s3:::site.')
  })

  it('names the profile that gives no credentials', () => {
    expect(told('CredentialsProviderError', {}, { ...s3, profile: 'work' })).toBe(
      'PROFILE_NOT_FOUND: The AWS profile cannot be used: "work" gives no credentials.',
    )
  })

  it('passes on what is in the catalogue already', () => {
    const error = bucketNotFound('site', 'here')
    expect(toFreshfrontError(error, s3)).toBe(error)
  })

  it('keeps the cause', () => {
    const cause = new Error('socket hang up')
    expect(toFreshfrontError(cause, s3).cause).toBe(cause)
  })
})

describe('isMissingKey', () => {
  it('knows a missing key with and without a body in the answer', () => {
    expect(
      ['NoSuchKey', 'NotFound', 'NoSuchBucket'].map((name) => isMissingKey(Object.assign(new Error(), { name }))),
    ).toEqual([true, true, false])
  })
})
