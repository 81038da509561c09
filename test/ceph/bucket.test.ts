// The Bucket port against a real Ceph RADOS Gateway; `npm run test:ceph` starts one.

import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { connectAws } from '../../src/aws/connect.ts'
import { describeBucketContract } from '../bucket.contract.ts'

describeBucketContract(
  'Ceph RADOS Gateway',
  async () => {
    await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'contract' }))
    return (await connectAws({ bucket: 'contract', concurrency: 16 })).bucket
  },
  { conditionalDeletes: false, conditionalCopies: false },
)
