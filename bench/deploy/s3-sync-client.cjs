// s3-sync-client is a library: the few lines that its README starts with.  node s3-sync-client.cjs PEERS_DIR SITE_DIR BUCKET

const { createRequire } = require('node:module')

const [, , peersDir, siteDir, bucket] = process.argv
const requirePeer = createRequire(`${peersDir}/`)
const { S3Client } = requirePeer('@aws-sdk/client-s3')
const { S3SyncClient } = requirePeer('s3-sync-client')

// It hands the SDK streams; for these the SDKs of today add a checksum behind the body unless told not to, which Ceph 16 refuses.
const s3 = new S3Client({ forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' })
const client = new S3SyncClient({ client: s3 })
client.sync(siteDir, `s3://${bucket}`, { del: true }).catch((error) => {
  console.error(error)
  process.exitCode = 1
})
