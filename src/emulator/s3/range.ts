// The Range header of a read. S3 serves one range; several, or none it understands, get the whole object.
// Facts: RFC 9110 §14.2; S3 API reference, "GetObject".

import { S3Error } from './s3-error.ts'
import type { ByteRange } from './storage.ts'

/** `undefined`: send all. Throws `InvalidRange` when the object has none of the bytes. */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (header === undefined || found === null) return undefined
  const [, first = '', last = ''] = found
  if (first === '' && last === '') return undefined
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined

  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  if (start >= sizeBytes) {
    throw new S3Error('InvalidRange', undefined, { RangeRequested: header, ActualObjectSize: String(sizeBytes) })
  }
  return { start, end }
}
