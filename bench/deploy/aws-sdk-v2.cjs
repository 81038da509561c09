// Loaded before deploy-aws-s3-cloudfront, whose AWS SDK is version 2 and knows no AWS_ENDPOINT_URL_S3.  node -r aws-sdk-v2.cjs …

const { createRequire } = require('node:module')

const AWS = createRequire(process.argv[1])('aws-sdk')
AWS.config.update({
  s3: { endpoint: process.env.AWS_ENDPOINT_URL_S3, s3ForcePathStyle: true },
  cloudfront: { endpoint: process.env.AWS_ENDPOINT_URL_CLOUDFRONT },
})
