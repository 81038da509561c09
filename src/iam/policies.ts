// All the policies that were asked for, in the form that was asked for. Pure.

import { makeBucketPolicy } from './bucket-policy.ts'
import { renderCloudFormation } from './cloudformation.ts'
import type { PolicyDocument, PolicyScope } from './policy.ts'
import { makeRolePolicy, type RoleNeeds } from './role-policy.ts'
import { renderTerraform } from './terraform.ts'
import { makeTrustPolicy, type GitHubSource } from './trust-policy.ts'

export const POLICY_FORMATS = ['json', 'cloudformation', 'terraform'] as const
export type PolicyFormat = (typeof POLICY_FORMATS)[number]

export const POLICY_PARTS = ['role', 'trust', 'bucket'] as const
export type PolicyPart = (typeof POLICY_PARTS)[number]

export interface PoliciesInput {
  readonly scope: PolicyScope
  readonly needs: RoleNeeds
  /** Without it there is no trust policy. */
  readonly source?: GitHubSource
  readonly roleName: string
}

/** What is to be written; a part that is undefined is left out. */
export interface Policies {
  readonly role?: PolicyDocument | undefined
  readonly trust?: PolicyDocument | undefined
  readonly bucket?: PolicyDocument | undefined
}

/** @param only undefined: all that can be made */
export function makePolicies({ scope, needs, source }: PoliciesInput, only: PolicyPart | undefined): Policies {
  const wants = (part: PolicyPart): boolean => only === undefined || only === part
  return {
    role: wants('role') ? makeRolePolicy(scope, needs) : undefined,
    trust: wants('trust') && source !== undefined ? makeTrustPolicy(scope, source) : undefined,
    bucket: wants('bucket') ? makeBucketPolicy(scope) : undefined,
  }
}

/** @returns a JSON document with a line break at its end: the one policy that was asked for, or all by name, or a template */
export function renderPolicies(
  policies: Policies,
  format: PolicyFormat,
  names: { readonly roleName: string; readonly bucket: string },
): string {
  return `${JSON.stringify(documentOf(policies, format, names), null, 2)}\n`
}

function documentOf(
  policies: Policies,
  format: PolicyFormat,
  names: { readonly roleName: string; readonly bucket: string },
): unknown {
  if (format === 'cloudformation') return renderCloudFormation(policies, names)
  if (format === 'terraform') return renderTerraform(policies, names)
  const made = Object.values(policies).filter((policy) => policy !== undefined)
  return made.length === 1 ? made[0] : policies
}
