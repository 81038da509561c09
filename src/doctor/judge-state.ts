// Can viewers read what Freshfront remembers beside the site? The edge was asked; where it was not, the bucket policy says. Pure.

import { endpointOfBucket } from '../http/s3-hosts.ts'
import type { BucketSettings, DistributionFacts, SetupFacts, SetupFinding } from '../model.ts'
import { finding } from './checks.ts'
import { isPublicByPolicy, objectArn, valueOf } from './judge-bucket.ts'
import { reachByPolicy } from './policy-reach.ts'

export function judgeState(facts: SetupFacts): SetupFinding[] {
  const settings = facts.bucketFacts?.settings
  if (settings === undefined) return []
  const key = `${facts.prefix}.freshfront/state.json.gz`
  const throughEdges = facts.distributions.flatMap((each) =>
    'value' in each ? judgeEdge(each.value, facts, settings, key) : [],
  )
  if (throughEdges.length > 0 || !isPublicByPolicy(facts, settings, key)) return throughEdges
  return [finding('STATE_READABLE', 'The bucket policy lets everyone read .freshfront/ from S3 itself.')]
}

function judgeEdge(
  { distribution, setup, edge }: DistributionFacts,
  facts: SetupFacts,
  settings: BucketSettings,
  key: string,
): SetupFinding[] {
  const { id } = distribution
  if (!distribution.enabled) return []
  const answer = edge === undefined ? undefined : valueOf(edge)
  if (answer?.showsState === true) {
    return [
      finding('STATE_READABLE', `${answer.stateUrl} shows what Freshfront remembers to everyone.`, {
        distribution: id,
      }),
    ]
  }
  const isThere = valueOf(facts.state) !== undefined
  // An answer counts only while there is something to be shown.
  if (answer !== undefined && isThere) return []
  const policy = settings.policy
  if (!('value' in policy)) return []
  const reached = distribution.origins.some((origin) => {
    if (endpointOfBucket(origin.domainName, facts.bucket) === undefined || !liesBelow(key, origin.originPath))
      return false
    const access = setup.origins.find((each) => each.id === origin.id)?.access ?? 'none'
    if (access === 'none') return isPublicByPolicy(facts, settings, key)
    const reader = access === 'control' ? { kind: access, distributionArn: setup.arn } : { kind: access }
    return reachByPolicy(policy.value, objectArn(facts, key), reader) === 'allowed'
  })
  if (!reached) return []
  return [
    finding('STATE_READABLE', `The bucket policy lets ${id} show .freshfront/ to everyone.`, { distribution: id }),
  ]
}

function liesBelow(key: string, originPath: string): boolean {
  return originPath === '' || key.startsWith(`${originPath.slice(1)}/`)
}
