// Does a bucket policy let somebody read a key? Read as far as that can be told from the policy alone. Pure.

/** `unclear`: it depends on what is not known here, or is written in ways that are not read here. */
export type Reach = 'allowed' | 'not allowed' | 'unclear'

/** Who asks: CloudFront for that distribution, by origin access control or identity, or anyone. */
export type Reader =
  | { readonly kind: 'control'; readonly distributionArn: string }
  | { readonly kind: 'identity' }
  | { readonly kind: 'anyone' }

interface Statement {
  readonly Effect?: unknown
  readonly Principal?: unknown
  readonly NotPrincipal?: unknown
  readonly Action?: unknown
  readonly NotAction?: unknown
  readonly Resource?: unknown
  readonly NotResource?: unknown
  readonly Condition?: unknown
}

type Match = 'yes' | 'no' | 'unclear'

/**
 * @param policy its JSON; undefined: there is none
 * @param objectArn `arn:aws:s3:::my-site/index.html`
 */
export function reachByPolicy(policy: string | undefined, objectArn: string, reader: Reader): Reach {
  if (policy === undefined) return 'not allowed'
  const statements = readStatements(policy)
  if (statements === undefined) return 'unclear'
  const matches = (effect: string): Match[] =>
    statements.filter(({ Effect }) => Effect === effect).map((statement) => matchOf(statement, objectArn, reader))
  const denies = matches('Deny')
  if (denies.includes('yes')) return 'not allowed'
  const allows = matches('Allow')
  if (!allows.includes('yes')) return allows.includes('unclear') ? 'unclear' : 'not allowed'
  return denies.includes('unclear') ? 'unclear' : 'allowed'
}

function readStatements(policy: string): readonly Statement[] | undefined {
  try {
    const { Statement: statement } = JSON.parse(policy) as { readonly Statement?: Statement | readonly Statement[] }
    return statement === undefined ? undefined : toList(statement)
  } catch {
    // S3 keeps no policy that is not JSON; other stores may.
    return undefined
  }
}

function matchOf(statement: Statement, objectArn: string, reader: Reader): Match {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement
  if (NotPrincipal !== undefined || NotAction !== undefined || NotResource !== undefined) return 'unclear'
  const isOfGet = texts(Action).some((action) => matchesPattern('s3:getobject', action.toLowerCase()))
  const isOfObject = texts(Resource).some((pattern) => matchesPattern(objectArn, pattern))
  if (!isOfGet || !isOfObject || !isPrincipal(Principal, reader)) return 'no'
  return matchOfConditions(Condition, reader)
}

function isPrincipal(principal: unknown, reader: Reader): boolean {
  if (principal === '*') return true
  if (typeof principal !== 'object' || principal === null) return false
  const { AWS, Service, CanonicalUser } = principal as Readonly<Record<string, unknown>>
  if (texts(AWS).includes('*')) return true
  switch (reader.kind) {
    case 'control':
      return texts(Service).includes('cloudfront.amazonaws.com')
    case 'identity':
      return CanonicalUser !== undefined || texts(AWS).some((arn) => arn.includes('CloudFront Origin Access Identity'))
    case 'anyone':
      return false
  }
}

/** Only the conditions of an origin access control are understood: the distribution, and its account. */
function matchOfConditions(conditions: unknown, reader: Reader): Match {
  const entries = Object.entries((conditions ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>)
  let match: Match = 'yes'
  for (const [operator, keys] of entries) {
    for (const [key, wanted] of Object.entries(keys)) {
      const value = valueOf(key.toLowerCase(), reader)
      const isKnown = value !== undefined && /^(?:String|Arn)(?:Equals|Like)(?:IfExists)?$/u.test(operator)
      if (!isKnown) match = 'unclear'
      else if (!texts(wanted).some((pattern) => matchesPattern(value, pattern))) return 'no'
    }
  }
  return match
}

function valueOf(key: string, reader: Reader): string | undefined {
  if (reader.kind !== 'control') return undefined
  if (key === 'aws:sourcearn') return reader.distributionArn
  return key === 'aws:sourceaccount' ? reader.distributionArn.split(':')[4] : undefined
}

/** `*` and `?` are wildcards, `${*}` is the character. */
function matchesPattern(text: string, pattern: string): boolean {
  const source = pattern.replace(/\$\{([$*?])\}|\*+|\?|[\\^$.|+()[\]{}]/gu, (found, literal: string | undefined) => {
    if (literal !== undefined) return `\\${literal}`
    if (found.startsWith('*')) return '.*'
    return found === '?' ? '.' : `\\${found}`
  })
  return new RegExp(`^${source}$`, 'su').test(text)
}

function texts(value: unknown): string[] {
  return toList(value).filter((each) => typeof each === 'string')
}

function toList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
