// An embedded S3 with one bucket, and the official client connected to it.

import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { GetObjectCommandInput, PutObjectCommandInput, S3ClientConfig } from '@aws-sdk/client-s3'
import type { Emulator, EmulatorOptions } from '../src/emulator/index.ts'
import { startEmulator } from '../src/emulator/index.ts'

export const Bucket = 'my-site'

export interface EmulatedS3 {
  readonly emulator: Emulator
  readonly client: S3Client
  put(Key: string, Body?: PutObjectCommandInput['Body'], input?: Partial<PutObjectCommandInput>): Promise<string>
  read(Key: string, input?: Partial<GetObjectCommandInput>): Promise<string>
  /** Throws when anything went wrong inside the emulator. */
  close(): Promise<void>
}

/** Starts one with the bucket `my-site`; `put` gives the ETag, `read` the body as text. */
export async function startEmulatedS3(options: EmulatorOptions = {}): Promise<EmulatedS3> {
  const emulator = await startEmulator(options)
  await emulator.s3.createBucket(Bucket)
  const client = connectS3(emulator)
  return {
    emulator,
    client,
    async put(Key, Body = 'body', input = {}) {
      const { ETag = '' } = await client.send(new PutObjectCommand({ Bucket, Key, Body, ...input }))
      return ETag
    },
    async read(Key, input = {}) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...input }))
      return (await Body?.transformToString()) ?? ''
    },
    async close() {
      client.destroy()
      await emulator.close()
      if (emulator.faults.length > 0) throw new AggregateError(emulator.faults, 'The emulator had faults.')
    },
  }
}

export function connectS3(emulator: Emulator, config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: emulator.s3Url,
    region: emulator.region,
    credentials: emulator.credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    ...config,
  })
}
