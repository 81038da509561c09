// The bucket policy for origin access control: CloudFront reads the site, and never what Freshfront remembers beside it. Pure.

import { distributionArns, objectsArn, type PolicyDocument, type PolicyScope, type PolicyStatement } from './policy.ts'

/**
 * The Deny names CloudFront's service alone: a Deny wins over every Allow, and with `"Principal": "*"` it would lock out the deploying role.
 *
 * @see CloudFront Developer Guide, "Restrict access to an Amazon S3 origin" (read 2026-11-23)
 */
export function makeBucketPolicy(scope: PolicyScope): PolicyDocument {
  const { distributions, prefix } = scope
  const arns = distributionArns(scope)
  const allow: PolicyStatement = {
    Sid: 'CloudFrontReadsSite',
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action: 's3:GetObject',
    Resource: objectsArn(scope),
    Condition: {
      [distributions.length === 0 ? 'ArnLike' : 'StringEquals']: {
        'AWS:SourceArn': arns.length === 1 ? (arns[0] ?? '') : arns,
      },
    },
  }
  const deny: PolicyStatement = {
    Sid: 'CloudFrontNeverReadsState',
    Effect: 'Deny',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action: 's3:GetObject',
    Resource: objectsArn(scope, `${prefix}.freshfront/`),
  }
  return { Version: '2012-10-17', Statement: [allow, deny] }
}
