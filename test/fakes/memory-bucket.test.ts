import { describeBucketContract } from '../bucket.contract.ts'
import { memoryBucket } from './memory-bucket.ts'

describeBucketContract('memory', async () => memoryBucket())
