// S3's error codes with their status and usual words, and the XML body that carries them.
// Facts: S3 API reference, "Error responses".

import { randomBytes } from 'node:crypto'
import type { HttpResponse } from '../http-message.ts'
import { NO_BODY } from '../http-message.ts'
import { writeXml } from '../xml.ts'

export type S3ErrorCode =
  | 'AccessControlListNotSupported'
  | 'AccessDenied'
  | 'AuthorizationHeaderMalformed'
  | 'BadDigest'
  | 'BucketAlreadyOwnedByYou'
  | 'BucketNotEmpty'
  | 'EntityTooLarge'
  | 'EntityTooSmall'
  | 'IllegalLocationConstraintException'
  | 'IncorrectEndpoint'
  | 'InternalError'
  | 'InvalidArgument'
  | 'InvalidBucketName'
  | 'InvalidDigest'
  | 'InvalidPart'
  | 'InvalidPartOrder'
  | 'InvalidRange'
  | 'InvalidRedirectLocation'
  | 'InvalidRequest'
  | 'InvalidStorageClass'
  | 'InvalidURI'
  | 'KeyTooLongError'
  | 'MalformedPolicy'
  | 'MalformedTrailerError'
  | 'MalformedXML'
  | 'MaxMessageLengthExceeded'
  | 'MetadataTooLarge'
  | 'MethodNotAllowed'
  | 'MissingContentLength'
  | 'NoSuchBucket'
  | 'NoSuchBucketPolicy'
  | 'NoSuchCORSConfiguration'
  | 'NoSuchKey'
  | 'NoSuchLifecycleConfiguration'
  | 'NoSuchTagSet'
  | 'NoSuchUpload'
  | 'NoSuchWebsiteConfiguration'
  | 'NotImplemented'
  | 'PermanentRedirect'
  | 'PolicyTooLarge'
  | 'PreconditionFailed'

const ERRORS: Readonly<Record<S3ErrorCode, readonly [status: number, message: string]>> = {
  AccessControlListNotSupported: [400, 'The bucket does not allow ACLs'],
  AccessDenied: [403, 'Access Denied'],
  AuthorizationHeaderMalformed: [400, 'The authorization header is malformed'],
  BadDigest: [400, 'The Content-MD5 you specified did not match what we received.'],
  BucketAlreadyOwnedByYou: [409, 'Your previous request to create the named bucket succeeded and you already own it.'],
  BucketNotEmpty: [409, 'The bucket you tried to delete is not empty'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed size'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed size'],
  IllegalLocationConstraintException: [
    400,
    'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.',
  ],
  IncorrectEndpoint: [
    400,
    'The specified bucket exists in another region. Please direct requests to the specified endpoint.',
  ],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidDigest: [400, 'The Content-MD5 you specified was invalid.'],
  InvalidPart: [
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  ],
  InvalidPartOrder: [
    400,
    'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
  ],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidRedirectLocation: [400, "The website redirect location must have a prefix of 'http://' or 'https://' or '/'."],
  InvalidRequest: [400, 'Invalid Request'],
  InvalidStorageClass: [400, 'The storage class you specified is not valid'],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  KeyTooLongError: [400, 'Your key is too long'],
  MalformedPolicy: [400, "Policies must be valid JSON and the first byte must be '{'"],
  MalformedTrailerError: [400, 'The request contained trailing data that was not well-formed.'],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not validate against our published schema'],
  MaxMessageLengthExceeded: [400, 'Your request was too big.'],
  MetadataTooLarge: [400, 'Your metadata headers exceed the maximum allowed metadata size'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  NoSuchBucketPolicy: [404, 'The bucket policy does not exist'],
  NoSuchCORSConfiguration: [404, 'The CORS configuration does not exist'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchLifecycleConfiguration: [404, 'The lifecycle configuration does not exist'],
  NoSuchTagSet: [404, 'The TagSet does not exist'],
  NoSuchUpload: [
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  ],
  NoSuchWebsiteConfiguration: [404, 'The specified bucket does not have a website configuration'],
  NotImplemented: [501, 'A header you provided implies functionality that is not implemented'],
  PermanentRedirect: [
    301,
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
  ],
  PolicyTooLarge: [400, 'The policy exceeds the maximum allowed document size.'],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold'],
}

/** What S3 refuses. Thrown anywhere in an operation, answered once in `index.ts`. */
export class S3Error extends Error {
  readonly code: S3ErrorCode
  readonly status: number
  /** Further elements of the error document: `Key`, `BucketName`, `Condition` … */
  readonly details: Readonly<Record<string, string>>

  constructor(code: S3ErrorCode, message: string = ERRORS[code][1], details: Readonly<Record<string, string>> = {}) {
    super(message)
    this.code = code
    this.status = ERRORS[code][0]
    this.details = details
  }
}

/** The two ids that every answer of S3 carries. */
export function requestIdHeaders(): { 'x-amz-request-id': string; 'x-amz-id-2': string } {
  const random = randomBytes(32)
  return {
    'x-amz-request-id': random.toString('hex', 0, 8).toUpperCase(),
    'x-amz-id-2': random.toString('base64'),
  }
}

/** The error as S3 writes it. A HEAD request is answered by status alone. */
export function errorResponse(
  error: {
    readonly code: string
    readonly status: number
    readonly message: string
    readonly details?: Readonly<Record<string, string>>
  },
  request: { readonly method: string; readonly resource: string },
): HttpResponse {
  const ids = requestIdHeaders()
  const region = error.details?.['Region'] ?? error.details?.['BucketRegion']
  const document = writeXml('Error', {
    Code: error.code,
    Message: error.message,
    ...error.details,
    Resource: request.resource,
    RequestId: ids['x-amz-request-id'],
    HostId: ids['x-amz-id-2'],
  })
  return {
    status: error.status,
    headers: {
      ...ids,
      ...(region === undefined ? {} : { 'x-amz-bucket-region': region }),
      'Content-Type': 'application/xml',
      Server: 'AmazonS3',
    },
    body: request.method === 'HEAD' ? NO_BODY : Buffer.from(document),
  }
}
