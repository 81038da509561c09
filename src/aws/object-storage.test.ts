import { describe, expect, it } from 'vitest'
import { storageToHeaders, storageToInput } from './object-storage.ts'

const storage = {
  sse: 'aws:kms',
  sseKmsKeyId: 'alias/site',
  storageClass: 'STANDARD_IA',
  tags: { project: 'my site', 'cost/center': 'a&b' },
}

describe('ObjectStorage', () => {
  it('is said in the fields of the SDK', () => {
    expect(storageToInput(storage)).toEqual({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'alias/site',
      StorageClass: 'STANDARD_IA',
      Tagging: 'project=my+site&cost%2Fcenter=a%26b',
    })
  })

  it('is said in the same headers without the SDK', () => {
    expect(storageToHeaders(storage)).toEqual({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/site',
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-tagging': 'project=my+site&cost%2Fcenter=a%26b',
    })
  })

  it('is nothing by default', () => {
    expect([storageToInput(undefined), storageToHeaders(undefined)]).toEqual([{}, {}])
  })
})
