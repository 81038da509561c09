// The Bucket port over S3, against the embedded S3.

import { afterAll } from 'vitest'
import { connectAws } from '../src/aws/connect.ts'
import { startEmulator, type Emulator } from '../src/emulator/index.ts'
import { describeBucketContract } from './bucket.contract.ts'

let emulator: Emulator | undefined
afterAll(() => emulator?.close())

describeBucketContract('the embedded S3', async () => {
  emulator = await startEmulator()
  await emulator.s3.createBucket('contract')
  const { region, s3Url: endpointUrl, credentials } = emulator
  return (await connectAws({ bucket: 'contract', region, endpointUrl, credentials, concurrency: 16 })).bucket
})
