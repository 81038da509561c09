// What the deploying role may do: the requests this program makes, on this bucket, prefix and these distributions. Pure.

import { CALLED_ACTIONS, type ActionNeed, type ActionResource } from './actions.ts'
import {
  bucketArn,
  distributionArns,
  escapePolicyText,
  objectsArn,
  type PolicyDocument,
  type PolicyScope,
  type PolicyStatement,
} from './policy.ts'

export interface RoleNeeds {
  /** `--acl`: upload with a canned ACL. */
  readonly acl?: boolean
  /** `--count-account`: ask what the whole account has invalidated. */
  readonly countAccount?: boolean
  /** Multi-tenant distributions. */
  readonly tenants?: boolean
  /** `freshfront doctor`, whose reads a deploy can do without. */
  readonly doctor?: boolean
}

const SIDS: Readonly<Record<ActionResource, string>> = {
  bucket: 'ReadBucket',
  objects: 'DeploySite',
  any: 'FindDistributions',
  distribution: 'RefreshDistributions',
  'distribution-tenant': 'RefreshTenants',
  'cache-policy': 'ReadCachePolicies',
  function: 'ReadFunctions',
}

/** The least that a deploy, with these needs, can do with. */
export function makeRolePolicy(scope: PolicyScope, needs: RoleNeeds = {}): PolicyDocument {
  const wanted = new Set<ActionNeed>([
    'deploy',
    ...(needs.acl === true ? (['acl'] as const) : []),
    ...(needs.countAccount === true ? (['count-account'] as const) : []),
    ...(needs.tenants === true ? (['tenants'] as const) : []),
    ...(needs.doctor === true ? (['doctor'] as const) : []),
  ])
  const called = CALLED_ACTIONS.filter(({ need }) => wanted.has(need)).filter(
    // Tenants' invalidations are counted where there are tenants.
    ({ action, resource }) => needs.tenants === true || resource !== 'distribution-tenant' || !action.includes('List'),
  )
  const arns: Readonly<Record<ActionResource, readonly string[]>> = {
    bucket: [bucketArn(scope)],
    objects: [objectsArn(scope)],
    any: ['*'],
    distribution: distributionArns(scope),
    'distribution-tenant': [cloudFrontArn(scope, 'distribution-tenant/*')],
    'cache-policy': [cloudFrontArn(scope, 'cache-policy/*')],
    function: [cloudFrontArn(scope, 'function/*')],
  }
  const isListing = (action: string): boolean => action === 's3:ListBucket'
  // The whole account is counted on all of its distributions.
  const isCounting = (action: string): boolean =>
    needs.countAccount === true && ['cloudfront:ListInvalidations', 'cloudfront:GetInvalidation'].includes(action)
  const statements = (Object.keys(SIDS) as ActionResource[]).flatMap((resource): PolicyStatement[] => {
    const actions = called.filter((each) => each.resource === resource).map(({ action }) => action)
    const plain = actions.filter((action) => !isListing(action) && !isCounting(action))
    return plain.length === 0 ? [] : [{ Sid: SIDS[resource], Effect: 'Allow', Action: plain, Resource: arns[resource] }]
  })
  const counting = called.map(({ action }) => action).filter(isCounting)
  return {
    Version: '2012-10-17',
    Statement: [
      listStatement(scope),
      ...statements,
      ...(counting.length === 0
        ? []
        : [
            {
              Sid: 'CountAccount',
              Effect: 'Allow' as const,
              Action: counting,
              Resource: distributionArns({ ...scope, distributions: [] }),
            },
          ]),
    ],
  }
}

/**
 * S3 answers 404 for a missing key only to those who may list, which it asks without naming a prefix; without `IfExists` every key that is
 * not there yet would be an AccessDenied.
 */
function listStatement(scope: PolicyScope): PolicyStatement {
  return {
    Sid: 'ListSite',
    Effect: 'Allow',
    Action: 's3:ListBucket',
    Resource: bucketArn(scope),
    ...(scope.prefix !== '' && {
      Condition: { StringLikeIfExists: { 's3:prefix': `${escapePolicyText(scope.prefix)}*` } },
    }),
  }
}

function cloudFrontArn({ partition, account }: PolicyScope, resource: string): string {
  return `arn:${partition}:cloudfront::${account}:${resource}`
}
