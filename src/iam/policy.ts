// The policy language as data, and how a name is written in it so that it stands for itself. Pure.

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly PolicyStatement[]
}

export interface PolicyStatement {
  readonly Sid: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: Readonly<Record<string, string>>
  readonly Action: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** What the policies are for. */
export interface PolicyScope {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string
  /** Twelve digits, or ACCOUNT_TO_BE_FOUND. */
  readonly account: string
  readonly bucket: string
  /** `""`, or ends with `/`. */
  readonly prefix: string
  /** Ids; empty: any of the account. */
  readonly distributions: readonly string[]
}

/**
 * Stands where the account's number belongs, for templates that find it out themselves. No name that is taken here may hold a control
 * character, so that it cannot be mistaken.
 */
export const ACCOUNT_TO_BE_FOUND = '\u0000account\u0000'

/**
 * Text in a resource or a condition that stands for itself: in policies `${…}` is a variable, `*` and `?` are wildcards.
 *
 * @see IAM User Guide, "IAM policy elements: Variables and tags": special characters (read 2026-11-23)
 */
export function escapePolicyText(text: string): string {
  return text.replace(/[$*?]/gu, (character) => `\${${character}}`)
}

export function bucketArn({ partition, bucket }: PolicyScope): string {
  return `arn:${partition}:s3:::${bucket}`
}

/** Every object whose key begins with the prefix. */
export function objectsArn(scope: PolicyScope, prefix: string = scope.prefix): string {
  return `${bucketArn(scope)}/${escapePolicyText(prefix)}*`
}

/** CloudFront's ARNs have no region. */
export function distributionArns({ partition, account, distributions }: PolicyScope): string[] {
  const ids = distributions.length === 0 ? ['*'] : distributions
  return ids.map((id) => `arn:${partition}:cloudfront::${account}:distribution/${id}`)
}

/** `cn-north-1` → `aws-cn`. @see AWS IAM User Guide, "Amazon Resource Names": partitions */
export function partitionOf(region: string | undefined): string {
  if (region?.startsWith('cn-') === true) return 'aws-cn'
  return region?.startsWith('us-gov-') === true ? 'aws-us-gov' : 'aws'
}
