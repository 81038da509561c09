import { describe, expect, it } from 'vitest'
import { bucketNotFound } from '../errors.ts'
import { failureOf } from './failure.ts'

describe('failureOf', () => {
  it('keeps code, message and fix of an error from the catalogue', () => {
    expect(failureOf('upload a', bucketNotFound('site', 'in eu-west-1'))).toEqual({
      what: 'upload a',
      code: 'BUCKET_NOT_FOUND',
      message: 'There is no bucket "site" in eu-west-1.',
      fix: 'Check the spelling of --bucket and the account of the credentials, or create the bucket first.',
    })
  })

  it('calls anything else unexpected', () => {
    expect(failureOf('upload a', new TypeError('x is not a function'))).toEqual({
      what: 'upload a',
      code: 'UNEXPECTED',
      message: 'x is not a function',
    })
    expect(failureOf('upload a', 'broken')).toEqual({ what: 'upload a', code: 'UNEXPECTED', message: 'broken' })
  })
})
