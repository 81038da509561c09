// DeleteObjects: up to 1,000 keys in one request, each with its own outcome.
// Facts: S3 API reference, "DeleteObjects".

import { readBody } from '../../http-message.ts'
import type { XmlContent } from '../../xml.ts'
import { childrenNamed, textAt } from '../../xml.ts'
import { checkDeleteCondition } from '../conditions.ts'
import { S3Error } from '../s3-error.ts'
import { checkKey } from '../object-metadata.ts'
import type { BucketOperation } from '../operation.ts'
import { parseDocument, xmlResponse } from '../operation.ts'
import { checkWholeBody } from '../receive-body.ts'

const MAX_KEYS = 1000

export const deleteObjects: BucketOperation = async (request) => {
  const { store, bucket } = request
  const bytes = await readBody(request.body)
  checkWholeBody(request, bytes)
  const document = parseDocument(bytes, 'Delete')
  const entries = childrenNamed(document, 'Object')
  if (entries.length === 0 || entries.length > MAX_KEYS) throw new S3Error('MalformedXML')

  const deleted: XmlContent[] = []
  const errors: XmlContent[] = []
  for (const entry of entries) {
    const key = textAt(entry, 'Key') ?? ''
    if (key === '') throw new S3Error('MalformedXML')
    try {
      checkKey(key)
      if (textAt(entry, 'VersionId') !== undefined)
        throw new S3Error('NotImplemented', 'The emulator keeps no versions.')
      await store.changeObject(bucket, key, (current) => {
        checkDeleteCondition(textAt(entry, 'ETag'), current)
        return undefined
      })
      deleted.push({ Key: key })
    } catch (error) {
      if (!(error instanceof S3Error)) throw error
      errors.push({ Key: key, Code: error.code, Message: error.message })
    }
  }
  const quiet = textAt(document, 'Quiet')?.toLowerCase() === 'true'
  return xmlResponse('DeleteResult', { Deleted: quiet ? [] : deleted, Error: errors })
}
