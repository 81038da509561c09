// GetBucketAcl and GetObjectAcl: the owner, and everyone where a canned ACL has opened an object.
// Facts: S3 user guide, "Access control list (ACL) overview". ACLs are set by `x-amz-acl` on uploads alone.

import type { XmlContent } from '../../xml.ts'
import type { BucketOperation } from '../operation.ts'
import { xmlResponse } from '../operation.ts'
import { S3Error } from '../s3-error.ts'
import { OWNER } from './buckets.ts'

const EVERYONE = 'http://acs.amazonaws.com/groups/global/AllUsers'

/** Buckets here are opened by `publicRead`, which stands for a policy, never by an ACL. */
export const getBucketAcl: BucketOperation = async () => xmlResponse('AccessControlPolicy', aclContent(false))

export const getObjectAcl: BucketOperation = async ({ bucket, key }) => {
  const object = bucket.objects.get(key)
  if (object === undefined) throw new S3Error('NoSuchKey', undefined, { Key: key })
  return xmlResponse('AccessControlPolicy', aclContent(object.metadata.publicRead))
}

function aclContent(isPublic: boolean): XmlContent {
  const grants = [grantContent('CanonicalUser', OWNER, 'FULL_CONTROL')]
  if (isPublic) grants.push(grantContent('Group', { URI: EVERYONE }, 'READ'))
  return { Owner: OWNER, AccessControlList: { Grant: grants } }
}

function grantContent(type: 'CanonicalUser' | 'Group', grantee: XmlContent, permission: string): XmlContent {
  const element = `Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}"`
  return { [element]: grantee, Permission: permission }
}
