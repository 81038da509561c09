// The HTML with which a website endpoint answers what fails, where there is no error document to send instead.
// Facts: S3 user guide, "Configuring a custom error document"; the x-amz-error-… headers are widely reported.

import { STATUS_CODES } from 'node:http'
import type { HttpResponse } from '../../http-message.ts'
import { NO_BODY } from '../../http-message.ts'
import { commonHeaders } from '../operation.ts'
import type { S3Error } from '../s3-error.ts'
import { encodeKey } from './routing-rules.ts'

export interface PageError {
  readonly code: string
  readonly status: number
  readonly message: string
  readonly details: Readonly<Record<string, string>>
}

/** The page; `documentError` is why the error document could not be had. A HEAD request gets the headers alone. */
export function errorPage(error: PageError, method: string, documentError?: S3Error): HttpResponse {
  const headers = commonHeaders()
  const title = `${error.status} ${STATUS_CODES[error.status] ?? ''}`
  const html = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<h1>${title}</h1>`,
    listDetails(error, { RequestId: headers['x-amz-request-id'] ?? '', HostId: headers['x-amz-id-2'] ?? '' }),
    ...(documentError === undefined
      ? []
      : [
          '<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>',
          listDetails(documentError, {}),
        ]),
    '<hr/>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
  const body = Buffer.from(html)
  return {
    status: error.status,
    headers: {
      ...headers,
      ...errorHeaders(error),
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': String(body.length),
    },
    body: method === 'HEAD' ? NO_BODY : body,
  }
}

/** What every failed answer carries, with the error document too. */
export function errorHeaders({ code, message, details }: PageError): Record<string, string> {
  const headers: Record<string, string> = { 'x-amz-error-code': code, 'x-amz-error-message': message }
  for (const [name, value] of Object.entries(details)) headers[`x-amz-error-detail-${name}`] = encodeKey(value)
  return headers
}

function listDetails({ code, message, details }: PageError, ids: Readonly<Record<string, string>>): string {
  const items = Object.entries({ Code: code, Message: message, ...details, ...ids })
  return ['<ul>', ...items.map(([name, value]) => `<li>${name}: ${escapeHtml(value)}</li>`), '</ul>'].join('\n')
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[<>&"]/g, (one) => `&#${one.charCodeAt(0)};`)
}
