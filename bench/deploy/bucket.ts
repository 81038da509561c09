// The buckets of the bench, through the AWS SDK: made, compared with the folder after each deploy, and emptied.

import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3'
import pMap from 'p-map'

export async function createBucket(s3: S3Client, bucket: string): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }))
}

/** @returns how many of the site's files are not in the bucket with these bytes; objects beyond the site are nobody's business here */
export async function countWrongObjects(
  s3: S3Client,
  bucket: string,
  md5ByKey: ReadonlyMap<string, string>,
): Promise<number> {
  const etags = await listEtags(s3, bucket)
  return [...md5ByKey].filter(([key, md5]) => etags.get(key) !== `"${md5}"`).length
}

export async function removeBucket(s3: S3Client, bucket: string): Promise<void> {
  const keys = [...(await listEtags(s3, bucket)).keys()]
  await pMap(keys, (key) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })), { concurrency: 16 })
  await s3.send(new DeleteBucketCommand({ Bucket: bucket }))
}

async function listEtags(s3: S3Client, bucket: string): Promise<Map<string, string>> {
  const etags = new Map<string, string>()
  let token: string | undefined
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }))
    for (const { Key, ETag } of page.Contents ?? []) etags.set(Key ?? '', ETag ?? '')
    token = page.NextContinuationToken
  } while (token !== undefined)
  return etags
}
