// Facts in, findings out. Pure.

import type { Diagnosis, Reading, SetupFacts, SetupFinding, Unread } from '../model.ts'
import { finding, type CheckCode } from './checks.ts'
import { judgeBucket } from './judge-bucket.ts'
import { judgeDistribution } from './judge-distribution.ts'
import { judgeState } from './judge-state.ts'

/** IAM actions that only a write would try. */
const NOT_TRIED = ['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 'cloudfront:CreateInvalidation']

/** @returns each finding once, problems first, each kind in the order: bucket, distributions, permissions */
export function judgeSetup(facts: SetupFacts): Diagnosis {
  const described = facts.distributions.flatMap((reading) => ('value' in reading ? [reading.value] : []))
  const findings = [
    ...judgeBucket(facts),
    ...judgeState(facts),
    ...judgeChoice(facts),
    ...described.flatMap((each) => judgeDistribution(each, facts)),
    ...judgeReadings(facts),
  ]
  return {
    bucket: facts.bucket,
    prefix: facts.prefix,
    distributions: described.map(({ distribution }) => distribution.id),
    findings: [
      ...findings.filter(({ severity }) => severity === 'problem'),
      ...findings.filter(({ severity }) => severity === 'advice'),
    ],
    notTried: NOT_TRIED,
  }
}

/** Which distributions there are. */
function judgeChoice({ bucket, distributionIds, distributions, unclaimedAddress }: SetupFacts): SetupFinding[] {
  const found: SetupFinding[] = []
  if ('value' in distributionIds) {
    const ids = distributionIds.value
    if (ids.length === 0) {
      found.push(finding('NO_DISTRIBUTION', `No distribution of this account has the bucket ${bucket} as an origin.`))
    }
    if (distributions.length > 1) {
      const named = distributions.flatMap((each) => ('value' in each ? [each.value.distribution.id] : []))
      found.push(
        finding(
          'SEVERAL_DISTRIBUTIONS',
          `${distributions.length} distributions serve the bucket: ${named.join(', ')}.`,
        ),
      )
    }
  }
  if (unclaimedAddress !== undefined) found.push(finding('VERIFY_URL_UNCLAIMED', unclaimedAddress))
  return found
}

/** What might not be read, each action once. */
function judgeReadings(facts: SetupFacts): SetupFinding[] {
  const { bucketFacts, state, distributionIds, distributions } = facts
  const settings = bucketFacts?.settings
  const neededByDeploy: readonly (Reading<unknown> | undefined)[] = [
    settings?.listing,
    state,
    distributionIds,
    ...distributions,
  ]
  const forDoctor: readonly (Reading<unknown> | undefined)[] = [
    bucketFacts?.region,
    ...Object.values((settings ?? {}) as Readonly<Record<string, Reading<unknown>>>),
  ]
  const edges = distributions.flatMap((each) => ('value' in each ? [each.value.edge] : []))
  const said = new Set<string>()
  const say = (reading: Reading<unknown> | undefined, judge: (unread: Unread) => SetupFinding): SetupFinding[] => {
    if (reading === undefined || !('unread' in reading)) return []
    // One action is often missing for several things.
    const { message } = reading.unread
    if (said.has(message)) return []
    said.add(message)
    return [judge(reading.unread)]
  }
  return [
    ...neededByDeploy.flatMap((reading) => say(reading, (unread) => finding(codeOf(unread), unread.message))),
    ...forDoctor.flatMap((reading) => say(reading, ({ message }) => finding('NOT_READABLE', message))),
    ...edges.flatMap((reading) => say(reading, ({ message }) => finding('EDGE_NOT_ANSWERING', message))),
  ]
}

/** A state that is there and makes no sense is worse than a setting that cannot be read. */
function codeOf({ action, because }: Unread): CheckCode {
  if (because === 'denied') return 'PERMISSION_MISSING'
  if (action === 's3:GetObject') return 'STATE_NOT_READABLE'
  return action === 'cloudfront:GetDistribution' ? 'DISTRIBUTION_NOT_READABLE' : 'NOT_READABLE'
}
