// What the CloudFront API answers when it refuses: an error code, its HTTP status and a message.

import type { HttpResponse } from '../http-message.ts'
import { writeXml } from '../xml.ts'

/** The `xmlns` of every document of this API version. */
export const API_NAMESPACE = 'http://cloudfront.amazonaws.com/doc/2020-05-31/'

/** A refusal in the API's own words. `code` and `status` are those of the operation's page in the CloudFront API Reference. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** Shape: API Reference, "Common Errors"; there is never a `Retry-After`. */
export function errorResponse(error: Pick<ApiError, 'code' | 'status' | 'message'>, requestId: string): HttpResponse {
  const type = error.status >= 500 ? 'Receiver' : 'Sender'
  const content = { Error: { Type: type, Code: error.code, Message: error.message }, RequestId: requestId }
  return {
    status: error.status,
    headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId },
    body: Buffer.from(writeXml('ErrorResponse', content, API_NAMESPACE)),
  }
}

export function invalidArgument(message: string): ApiError {
  return new ApiError('InvalidArgument', 400, message)
}
