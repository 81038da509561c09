// The origins and origin groups of a distribution, read from its complete XML and checked as the API checks them.
// Facts: CloudFront API Reference, Origin and OriginGroup; Developer Guide, "Optimize high availability with CloudFront
// origin failover".

import type { XmlElement } from '../xml.ts'
import { childAt, textAt } from '../xml.ts'
import { ApiError, invalidArgument } from './api-error.ts'
import { bucketOfOrigin, bucketOfWebsite } from './origin-bucket.ts'
import { listItems } from './xml-content.ts'

export interface Origin {
  readonly id: string
  readonly domainName: string
  /** `''` or `/site`. */
  readonly originPath: string
  /** `signed` where an origin access control or identity is set; never for a website endpoint. */
  readonly access: 'signed' | 'anonymous'
  /** S3OriginConfig rather than CustomOriginConfig: a website endpoint is a custom origin. */
  readonly isS3: boolean
  /** `https-only` finds nobody at a website endpoint. */
  readonly protocolPolicy: 'http-only' | 'https-only' | 'match-viewer'
}

/** Where a behavior's requests go: to the first origin, and on these statuses or no answer to the second. */
export interface OriginTarget {
  readonly origin: Origin
  readonly failover: { readonly origin: Origin; readonly statuses: ReadonlySet<number> } | undefined
}

/** Developer Guide, "Create an origin group": the statuses that may make CloudFront ask the second origin. */
const FAILOVER_STATUSES = new Set([400, 403, 404, 416, 429, 500, 502, 503, 504])

/** By id: each origin, and each origin group. */
export function readOriginTargets(config: XmlElement): ReadonlyMap<string, OriginTarget> {
  const origins = new Map(
    listItems(config, 'Origins')
      .map(readOrigin)
      .map((origin) => [origin.id, origin]),
  )
  if (origins.size === 0) throw invalidArgument('A distribution needs at least one origin.')
  const groups = listItems(config, 'OriginGroups').map((group) => readOriginGroup(group, origins))
  const taken = groups.find(([id]) => origins.has(id))
  if (taken !== undefined) throw invalidArgument(`An origin and an origin group have the same id "${taken[0]}".`)
  const single = [...origins.values()].map((origin) => [origin.id, { origin, failover: undefined }] as const)
  return new Map<string, OriginTarget>([...single, ...groups])
}

function readOriginGroup(group: XmlElement, origins: ReadonlyMap<string, Origin>): [string, OriginTarget] {
  const id = textAt(group, 'Id') ?? ''
  const members = listItems(group, 'Members').map((member) => {
    const originId = textAt(member, 'OriginId') ?? ''
    const origin = origins.get(originId)
    if (origin === undefined) throw noSuchOrigin(originId)
    return origin
  })
  const [origin, second] = members
  if (origin === undefined || second === undefined || members.length > 2) {
    throw invalidArgument(`The origin group "${id}" must have two members.`)
  }
  const criteria = childAt(group, 'FailoverCriteria')
  const statuses = criteria === undefined ? [] : listItems(criteria, 'StatusCodes').map((code) => Number(code.text))
  const unknown = statuses.find((status) => !FAILOVER_STATUSES.has(status))
  if (statuses.length === 0 || unknown !== undefined) {
    throw invalidArgument(`The origin group "${id}" must name failover status codes that there are: ${unknown}.`)
  }
  return [id, { origin, failover: { origin: second, statuses: new Set(statuses) } }]
}

export function noSuchOrigin(originId: string): ApiError {
  return new ApiError('NoSuchOrigin', 404, `No origin or origin group of this distribution has the id "${originId}".`)
}

function readOrigin(origin: XmlElement): Origin {
  const originPath = textAt(origin, 'OriginPath') ?? ''
  if (originPath !== '' && (!originPath.startsWith('/') || originPath.endsWith('/'))) {
    throw invalidArgument(`The origin path "${originPath}" must begin with a slash and must not end with one.`)
  }
  const domainName = textAt(origin, 'DomainName') ?? ''
  const isS3 = childAt(origin, 'S3OriginConfig') !== undefined
  const isTemplate = domainName.includes('{{')
  if (isS3 && !isTemplate && bucketOfOrigin(domainName) === null) {
    throw invalidArgument('The parameter Origin DomainName does not refer to a valid S3 bucket.')
  }
  const identity = textAt(origin, 'S3OriginConfig', 'OriginAccessIdentity') ?? ''
  const accessControlId = textAt(origin, 'OriginAccessControlId') ?? ''
  const isAnonymous = (identity === '' && accessControlId === '') || bucketOfWebsite(domainName) !== null
  const policy = textAt(origin, 'CustomOriginConfig', 'OriginProtocolPolicy')
  return {
    id: textAt(origin, 'Id') ?? '',
    domainName,
    originPath,
    access: isAnonymous ? 'anonymous' : 'signed',
    isS3,
    protocolPolicy: policy === 'https-only' || policy === 'http-only' ? policy : 'match-viewer',
  }
}
