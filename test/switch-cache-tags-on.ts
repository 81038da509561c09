// Lets a distribution of the embedded cloud begin to read cache tags.

import { CloudFrontClient, GetDistributionConfigCommand, UpdateDistributionCommand } from '@aws-sdk/client-cloudfront'
import type { Emulator } from '../src/emulator/index.ts'

/** As an operator would do it, through the API: what is cached already stays without tags. */
export async function switchCacheTagsOn({ cloudFrontUrl, credentials }: Emulator, Id: string): Promise<void> {
  const client = new CloudFrontClient({ endpoint: cloudFrontUrl, region: 'us-east-1', credentials })
  const { ETag, DistributionConfig } = await client.send(new GetDistributionConfigCommand({ Id }))
  if (DistributionConfig === undefined) throw new Error(`${Id} has no configuration`)
  const config = { ...DistributionConfig, CacheTagConfig: { HeaderName: 'x-amz-meta-cache-tag' } }
  await client.send(new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig: config }))
  client.destroy()
}
