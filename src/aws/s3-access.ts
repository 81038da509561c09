// What each of the Bucket port's methods needs to ask S3 through the SDK, and one place that turns failures into sentences.

import type { S3Client } from '@aws-sdk/client-s3'
import type { Key } from '../model.ts'
import type { Clock } from '../ports.ts'
import { toFreshfrontError } from './aws-errors.ts'
import { retrying } from './retry.ts'

export interface S3Access {
  readonly s3: S3Client
  /** Of the bucket. */
  readonly name: string
  readonly clock: Clock
  /** Does the task over where a conflict passes. Rejects with FreshfrontErrors only. @param operation S3's name for it */
  readonly asking: <T>(
    operation: string,
    task: () => Promise<T>,
    about?: { readonly key?: Key; readonly acl?: string },
  ) => Promise<T>
}

/** For messages. */
export interface S3Surroundings {
  readonly endpoint: string
  readonly region: string
  readonly profile?: string
}

export function accessS3(options: Pick<S3Access, 's3' | 'name' | 'clock'>, around: S3Surroundings): S3Access {
  return {
    ...options,
    async asking(operation, task, about = {}) {
      try {
        return await retrying(task, options.clock)
      } catch (error) {
        throw toFreshfrontError(error, { service: 'S3', operation, target: options.name, ...around, ...about })
      }
    },
  }
}
