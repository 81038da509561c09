// What the AWS SDK throws → the catalogue of errors.ts. The only file that knows the services' error codes.

import {
  accessDenied,
  aclsNotSupported,
  bucketNotFound,
  credentialsMissing,
  credentialsRefused,
  distributionNotFound,
  endpointUnreachable,
  FreshfrontError,
  invalidationItemsRefused,
  invalidationsThrottled,
  invalidationTooLarge,
  preconditionFailed,
  profileNotFound,
  quote,
  regionMissing,
  serviceFailed,
  tooManyInvalidationsInProgress,
  wrongRegion,
} from '../errors.ts'
import { PROXY_FAILED } from './proxy-failed.ts'

/** What was being asked of whom, for the sentence that the user gets. */
export interface RequestContext {
  readonly service: 'S3' | 'CloudFront'
  /** `PutObject`; also the action's name in IAM unless ACTION_OF_OPERATION says otherwise. */
  readonly operation: string
  /** The bucket or the distribution. */
  readonly target: string
  readonly key?: string
  readonly acl?: string
  readonly region?: string
  /** As the user named it. */
  readonly profile?: string
  readonly endpoint: string
}

/** Where S3's permission is not called after the operation. @see Service Authorization Reference, Amazon S3 */
const ACTION_OF_OPERATION: Readonly<Record<string, string>> = {
  ListObjectsV2: 's3:ListBucket',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  HeadBucket: 's3:ListBucket',
  HeadObject: 's3:GetObject',
  GetPublicAccessBlock: 's3:GetBucketPublicAccessBlock',
  GetBucketEncryption: 's3:GetEncryptionConfiguration',
  DeleteObjects: 's3:DeleteObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
}

interface AwsError extends Error {
  readonly code?: string
  readonly Region?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
}

/** @returns the error that the user is told; one that is a FreshfrontError already stays as it is */
export function toFreshfrontError(error: unknown, context: RequestContext): Error {
  if (error instanceof FreshfrontError) return error
  if (!(error instanceof Error)) return serviceFailed(context.service, context.operation, 'Unknown', String(error))
  return (
    connectionError(error, context) ??
    credentialError(error, context) ??
    invalidationError(error, context) ??
    resourceError(error, context) ??
    serviceFailed(context.service, context.operation, awsErrorCode(error), error.message, { cause: error })
  )
}

/** The service's own word for what went wrong: `NoSuchKey`, `SlowDown`; for answers without a body, the HTTP status. */
export function awsErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'Unknown'
  const status = httpStatusOf(error)
  return (error.name === 'UnknownError' || error.name === 'Error') && status !== undefined
    ? `HTTP ${status}`
    : error.name
}

/** @returns undefined when the service has not answered */
export function httpStatusOf(error: unknown): number | undefined {
  return error instanceof Error ? (error as AwsError).$metadata?.httpStatusCode : undefined
}

/** HEAD answers have no body, so that a missing key is known by its status alone. */
export function isMissingKey(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound')
}

/** What a conditional GET is answered with, which the SDK takes for an error: it has no body, and so no code either. */
export function isNotModified(error: unknown): boolean {
  return httpStatusOf(error) === 304
}

/** Whether the service was asked too often, rather than for something that it cannot do. */
export function isThrottling(error: unknown): boolean {
  return error instanceof Error && THROTTLING_CODES.has(error.name)
}

const THROTTLING_CODES: ReadonlySet<string> = new Set(['Throttling', 'ThrottlingException', 'TooManyRequestsException'])

function connectionError(error: AwsError, context: RequestContext): Error | undefined {
  const cause = { cause: error }
  switch (error.code) {
    case 'ECONNREFUSED':
      return endpointUnreachable(context.endpoint, 'nothing listens there (connection refused)', cause)
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return endpointUnreachable(context.endpoint, 'its host name is not known (DNS)', cause)
    case 'ECONNRESET':
    case 'EPIPE':
      return endpointUnreachable(context.endpoint, 'the connection was cut', cause)
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return endpointUnreachable(context.endpoint, 'there is no answer', cause)
    case PROXY_FAILED:
      return endpointUnreachable(context.endpoint, error.message, cause)
    case 'CERT_HAS_EXPIRED':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return endpointUnreachable(
        context.endpoint,
        `its certificate is not trusted (${error.code}); NODE_EXTRA_CA_CERTS or AWS_CA_BUNDLE may name a file with that of who issued it`,
        cause,
      )
    default:
      return error.name === 'TimeoutError'
        ? endpointUnreachable(context.endpoint, 'there is no answer', cause)
        : undefined
  }
}

function credentialError(error: AwsError, context: RequestContext): Error | undefined {
  const cause = { cause: error }
  switch (error.name) {
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      // Without any source the chain's last word is about the machine's metadata service, which says nothing to most users.
      if (context.profile !== undefined) return profileNotFound(`${quote(context.profile)} gives no credentials`, cause)
      return /profile|sso|token/iu.test(error.message)
        ? profileNotFound(error.message, cause)
        : credentialsMissing(cause)
    case 'InvalidAccessKeyId':
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
      return credentialsRefused(context.service, 'the access key is not known', cause)
    case 'SignatureDoesNotMatch':
      return credentialsRefused(context.service, 'the secret key does not belong to the access key', cause)
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'TokenRefreshRequired':
    case 'InvalidToken':
      return credentialsRefused(context.service, 'the session token has expired or is not valid', cause)
    case 'RequestTimeTooSkewed':
      return credentialsRefused(context.service, 'the clock of this machine is wrong', cause)
    default:
      return /region is missing/iu.test(error.message) ? regionMissing(cause) : undefined
  }
}

function resourceError(error: AwsError, context: RequestContext): Error | undefined {
  const cause = { cause: error }
  const { target } = context
  switch (error.name) {
    case 'NoSuchBucket':
      return bucketNotFound(target, `at ${context.endpoint}`, cause)
    case 'PermanentRedirect':
    case 'TemporaryRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return wrongRegion(target, context.region ?? 'that region', actualRegion(error), cause)
    case 'AccessControlListNotSupported':
      return aclsNotSupported(target, context.acl ?? 'an ACL', cause)
    case 'ConditionalRequestConflict':
      return preconditionFailed(context.key ?? target, cause)
    case 'NoSuchDistribution':
      return distributionNotFound(target, cause)
    case 'AccessDenied':
    case 'AccessDeniedException':
    case 'Forbidden':
    case '403':
      return accessDenied(actionOf(context), resourceOf(context), cause)
    default:
      return error.$metadata?.httpStatusCode === 403
        ? accessDenied(actionOf(context), resourceOf(context), cause)
        : undefined
  }
}

/** @see CloudFront API Reference, CreateInvalidation, for the first three; `Throttling` is what users report */
function invalidationError(error: AwsError, { operation, target }: RequestContext): Error | undefined {
  if (!operation.startsWith('CreateInvalidation')) return undefined
  const cause = { cause: error }
  if (isThrottling(error)) return invalidationsThrottled(target, error.name, cause)
  switch (error.name) {
    case 'TooManyInvalidationsInProgress':
      return tooManyInvalidationsInProgress(target, cause)
    case 'BatchTooLarge':
      return invalidationTooLarge(target, cause)
    case 'InvalidArgument':
      return invalidationItemsRefused(target, error.message, cause)
    default:
      return undefined
  }
}

function actionOf({ service, operation }: RequestContext): string {
  return ACTION_OF_OPERATION[operation] ?? `${service === 'S3' ? 's3' : 'cloudfront'}:${operation}`
}

function resourceOf({ service, target, key }: RequestContext): string {
  if (service === 'CloudFront') return target === '*' ? 'every distribution' : `distribution ${target}`
  return key === undefined ? `arn:aws:s3:::${target}` : `arn:aws:s3:::${target}/${key}`
}

function actualRegion(error: AwsError): string | undefined {
  return (
    error.$response?.headers?.['x-amz-bucket-region'] ??
    error.Region ??
    /expecting '([a-z0-9-]+)'/u.exec(error.message)?.[1]
  )
}
