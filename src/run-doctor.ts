// freshfront doctor: read how everything is set up → ask the edge → judge. Writes nothing.

import { attempt } from './attempt.ts'
import { judgeSetup } from './doctor/judge.ts'
import { FreshfrontError } from './errors.ts'
import { compileFunctions } from './functions/compile-functions.ts'
import { findDistributions } from './live/distributions.ts'
import type {
  Config,
  Diagnosis,
  Distribution,
  DistributionFacts,
  DistributionSetup,
  Reading,
  SetupFacts,
  StateFacts,
} from './model.ts'
import { spreadEvenly } from './plan/churn/spread-evenly.ts'
import { unmappedBecause } from './plan/purge-scope.ts'
import { behaviorsFor, originsOfBucket, type UrlSpace } from './plan/url-space.ts'
import { keyToServedPaths } from './plan/viewer-paths.ts'
import type { Inspector, Ports } from './ports.ts'
import { askEdge, chooseAddresses } from './probe-edge.ts'
import { readBucketFacts, readStateFacts } from './read-bucket-setup.ts'
import { readSiteState } from './state/site-state.ts'

export interface RunDoctorOptions {
  /** `127.0.0.1:9000`: edge locations of the embedded cloud. */
  readonly edges?: readonly string[]
  readonly signal?: AbortSignal
}

type DoctorPorts = Pick<Ports, 'bucket' | 'distributions' | 'viewer'> & { readonly inspector: Inspector }

/** Objects whose URLs are counted, to estimate those of all. */
const MAX_COUNTED = 200

/**
 * Looks at the bucket and the distributions that a deploy would use. What may not be read is a finding.
 *
 * @throws {FreshfrontError} only when nobody can be asked: `CREDENTIALS_MISSING`, `CREDENTIALS_REFUSED`, `PROFILE_NOT_FOUND`,
 *   `ENDPOINT_UNREACHABLE`
 */
export async function runDoctor(
  config: Config,
  { openInspector, ...others }: Pick<Ports, 'bucket' | 'distributions' | 'viewer' | 'openInspector'>,
  options: RunDoctorOptions = {},
): Promise<Diagnosis> {
  const ports = { ...others, inspector: await openInspector() }
  const { bucket, prefix } = config
  const region = await attemptUnlessMissing(ports)
  const facts = { bucket, prefix, ...(config.acl !== undefined && { acl: config.acl }) }
  if (region === undefined) {
    const nothing = { value: undefined }
    const none = { distributionIds: { value: config.distributions }, distributions: [] }
    return judgeNothingElse({ ...facts, bucketFacts: undefined, state: nothing, ...none })
  }
  const state = await attempt('s3:GetObject', () => readSiteState(ports.bucket, prefix))
  const bucketFacts = await readBucketFacts(prefix, ports.inspector, region, 'value' in state ? state.value : undefined)
  const isElsewhere = bucketFacts.settings === undefined
  const stateFacts = isElsewhere ? { value: undefined } : await readStateFacts(state, prefix, ports.bucket)
  const live = 'value' in stateFacts ? stateFacts.value : undefined
  const distributionIds: Reading<readonly string[]> =
    config.distributions.length > 0
      ? { value: [...new Set(config.distributions)] }
      : await attempt('cloudfront:ListDistributions', () => findDistributions(ports.distributions, bucket))
  const described = await Promise.all(
    ('value' in distributionIds ? distributionIds.value : []).map((id) => describe(id, config, ports)),
  )
  const read = described.flat()
  const known = read.flatMap((each) => ('value' in each ? [each.value.distribution] : []))
  const { addresses, unclaimedAddress } = chooseAddresses(known, config, options.edges ?? [])
  const functions = await compileFunctions(known)
  try {
    const website = bucketFacts.settings?.website
    const distributions = await Promise.all(
      read.map(async (each): Promise<Reading<DistributionFacts>> => {
        if ('unread' in each) return each
        const { distribution, setup } = each.value
        const space: UrlSpace = {
          bucket,
          distribution,
          website: website !== undefined && 'value' in website ? website.value : undefined,
          urls: config.urls,
          runFunction: (name, uri, host) => functions.run(name, uri, host),
        }
        const address = addresses.find((one) => one.distribution === distribution.id)
        const value = completeFacts({ distribution, setup, space }, live)
        const edge =
          address === undefined || isElsewhere || !distribution.enabled
            ? undefined
            : await askEdge({ space, address, prefix, state: live }, ports.viewer, options.signal)
        return { value: { ...value, ...(edge !== undefined && { edge }) } }
      }),
    )
    return judgeSetup({
      ...facts,
      bucketFacts,
      state: stateFacts,
      distributionIds,
      distributions,
      ...(unclaimedAddress !== undefined && { unclaimedAddress }),
    })
  } finally {
    functions.dispose()
  }
}

/** Of a bucket that is not there. */
function judgeNothingElse(facts: SetupFacts): Diagnosis {
  const { findings, ...rest } = judgeSetup(facts)
  return { ...rest, findings: findings.filter(({ code }) => code === 'BUCKET_NOT_FOUND') }
}

/** @returns undefined when there is no such bucket */
async function attemptUnlessMissing({ inspector }: DoctorPorts): Promise<Reading<string | undefined> | undefined> {
  try {
    return await attempt('s3:ListBucket', () => inspector.readRegion(), 'BUCKET_NOT_FOUND')
  } catch (error) {
    if (error instanceof FreshfrontError && error.code === 'BUCKET_NOT_FOUND') return undefined
    throw error
  }
}

async function describe(
  id: string,
  { bucket }: Config,
  { distributions, inspector }: DoctorPorts,
): Promise<Reading<{ readonly distribution: Distribution; readonly setup: DistributionSetup }>[]> {
  const read = await attempt('cloudfront:GetDistribution', async () => {
    const [described, setup] = await Promise.all([distributions.describe(id), inspector.readDistribution(id)])
    return described.map((distribution) => ({ distribution, setup }))
  })
  if ('unread' in read) return [read]
  // A template has tenants of other buckets too.
  return read.value
    .filter(({ distribution }) => distribution.tenantOf === undefined || originsOf(distribution, bucket).length > 0)
    .map((value) => ({ value }))
}

function originsOf(distribution: Distribution, bucket: string): readonly unknown[] {
  const runFunction = (): never => {
    throw new Error('Origins are found without running functions.')
  }
  return originsOfBucket({ bucket, distribution, website: undefined, urls: [], runFunction })
}

function completeFacts(
  { distribution, setup, space }: { distribution: Distribution; setup: DistributionSetup; space: UrlSpace },
  state: StateFacts | undefined,
): DistributionFacts {
  const unmapped = unmappedBecause(space)
  const answersRoot = doesFunctionAnswerRoot(space)
  return {
    distribution,
    setup,
    ...(unmapped !== undefined && { unmappedBecause: unmapped }),
    ...(answersRoot !== undefined && { functionAnswersRoot: answersRoot }),
    ...(state !== undefined && unmapped === undefined && { paths: countPaths(space, state) }),
  }
}

function doesFunctionAnswerRoot(space: UrlSpace): boolean | undefined {
  for (const { viewerRequest, originRequest } of behaviorsFor('/', space.distribution)) {
    if (originRequest !== undefined || viewerRequest?.kind === 'lambda') return undefined
    if (viewerRequest === undefined) continue
    const answer = space.runFunction(viewerRequest.name, '/', space.distribution.domainName)
    if (answer.kind === 'failed') return undefined
    return answer.kind === 'response' || answer.uri !== '/'
  }
  return false
}

function countPaths(space: UrlSpace, { keys, objects }: StateFacts): number {
  const sample = spreadEvenly([...keys], MAX_COUNTED)
  const counted = sample.reduce((sum, key) => sum + keyToServedPaths(key, space).length, 0)
  return Math.round((counted * objects) / Math.max(1, sample.length))
}
