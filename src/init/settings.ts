// What the workflow and freshfront.json need to know, and what each answer must look like. Pure.

import {
  remarkOnBucket,
  remarkOnDistribution,
  remarkOnPrefix,
  remarkOnRegion,
  remarkOnText,
  remarkOnVerifyUrl,
  type Remark,
} from '../config/expected.ts'

export interface SetUp {
  readonly dir: string
  /** `''` when there is nothing to build. */
  readonly build: string
  readonly bucket: string
  readonly prefix?: string
  /** Empty to refresh whatever serves the bucket. */
  readonly distribution: readonly string[]
  readonly region: string
  /** `''` to take it from a variable of the repository. */
  readonly roleArn: string
  /** As roleArn, for pull requests. */
  readonly planRoleArn?: string
  readonly branch: string
  readonly verifyUrl?: readonly string[]
}

export type SetUpName = keyof SetUp

/** What is wrong with the answer to each question; undefined when it is right. */
export const setUpRemarks: Readonly<Record<SetUpName, Remark>> = {
  dir: (value) => remarkOnText(value) ?? remarkOnFolder(value),
  build: (value) => (value === '' ? undefined : remarkOnText(value)),
  bucket: remarkOnBucket,
  prefix: remarkOnPrefix,
  distribution: (value) => firstRemark(splitIds(value), remarkOnDistribution),
  region: remarkOnRegion,
  roleArn: (value) => (value === '' ? undefined : remarkOnRoleArn(value)),
  planRoleArn: (value) => (value === '' ? undefined : remarkOnRoleArn(value)),
  branch: remarkOnBranch,
  verifyUrl: remarkOnVerifyUrl,
}

/** `E1, E2` */
export function splitIds(text: string): readonly string[] {
  return text.split(/[\s,]+/u).filter((id) => id !== '')
}

function firstRemark(values: readonly string[], remark: Remark): string | undefined {
  return values.map(remark).find((found) => found !== undefined)
}

function remarkOnFolder(value: string): string | undefined {
  if (/^(?:\/|[A-Za-z]:|~)/u.test(value)) return 'Name it relative to the project: a runner has other folders.'
  return /(?:^|[\\/])\.\.(?:[\\/]|$)/u.test(value) ? 'It lies outside of the project.' : undefined
}

/** An ARN, or an expression that Actions replaces by one. @see IAM User Guide, "IAM identifiers" */
function remarkOnRoleArn(value: string): string | undefined {
  if (/^\$\{\{ *(?:vars|secrets|env)\.\w+ *\}\}$/u.test(value)) return undefined
  if (/^arn:aws[\w-]*:iam::\d{12}:user\//u.test(value)) return 'That is a user; a workflow assumes a role.'
  return /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/u.test(value)
    ? undefined
    : 'A role is written arn:aws:iam::123456789012:role/NAME.'
}

/** @see git-check-ref-format(1) */
function remarkOnBranch(value: string): string | undefined {
  const asText = remarkOnText(value)
  if (asText !== undefined) return asText
  const isName = !/[\s~^:?*[\\\u007f]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|^[-./]|[./]$/u.test(value) && value !== '@'
  if (!isName) return 'Git has no branches of such names.'
  return value.includes('${{') ? 'Actions would take part of it for an expression.' : undefined
}
