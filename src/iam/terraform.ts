// The policies for Terraform, as a .tf.json file: JSON's quoting is all that a name could break, and HCL's templates are escaped. Pure.

import { mapStrings } from './map-strings.ts'
import type { Policies } from './policies.ts'
import { ACCOUNT_TO_BE_FOUND } from './policy.ts'
import { GITHUB_PROVIDER_HOST } from './trust-policy.ts'

/** What everything is called in the state. */
const NAME = 'freshfront'

export function renderTerraform(
  policies: Policies,
  names: { readonly roleName: string; readonly bucket: string },
): unknown {
  const { role, trust } = policies
  const findsAccount = JSON.stringify(policies).includes(JSON.stringify(ACCOUNT_TO_BE_FOUND).slice(1, -1))
  const roleName = toTemplate(names.roleName)
  return {
    ...(findsAccount && { data: { aws_caller_identity: { [NAME]: {} } } }),
    ...(trust !== undefined && {
      variable: {
        create_github_provider: {
          type: 'bool',
          default: false,
          description: 'true: this account does not know GitHub as an OpenID Connect provider yet.',
        },
      },
    }),
    locals: Object.fromEntries(
      Object.entries(policies).flatMap(([part, policy]) =>
        policy === undefined ? [] : [[`${NAME}_${part}_policy`, mapStrings(policy, toTemplate)]],
      ),
    ),
    resource: {
      ...(trust !== undefined && {
        aws_iam_openid_connect_provider: {
          [NAME]: {
            count: '${var.create_github_provider ? 1 : 0}',
            url: `https://${GITHUB_PROVIDER_HOST}`,
            client_id_list: ['sts.amazonaws.com'],
          },
        },
        aws_iam_role: { [NAME]: { name: roleName, assume_role_policy: `\${jsonencode(local.${NAME}_trust_policy)}` } },
      }),
      ...(role !== undefined && roleResource(roleName, trust !== undefined)),
      ...(policies.bucket !== undefined && {
        aws_s3_bucket_policy: {
          [NAME]: { bucket: toTemplate(names.bucket), policy: `\${jsonencode(local.${NAME}_bucket_policy)}` },
        },
      }),
    },
    ...(trust !== undefined && { output: { freshfront_role_arn: { value: `\${aws_iam_role.${NAME}.arn}` } } }),
  }
}

/** Attached to the role where that is made here; else a policy that can be attached to any. */
function roleResource(roleName: string, takesRole: boolean): object {
  const policy = `\${jsonencode(local.${NAME}_role_policy)}`
  return takesRole
    ? { aws_iam_role_policy: { [NAME]: { name: roleName, role: `\${aws_iam_role.${NAME}.id}`, policy } } }
    : { aws_iam_policy: { [NAME]: { name: roleName, policy } } }
}

/**
 * In .tf.json every string is a template: `${` and `%{` begin one, and doubled they stand for themselves. Where several such signs meet a
 * brace, what doubling means is not documented: those are spelled out in a string of their own, `${"\u0024\u0024\u007b"}`.
 *
 * @see Terraform documentation, "JSON Configuration Syntax" and "Strings and Templates" (read 2026-11-23)
 */
function toTemplate(text: string): string {
  return text
    .replace(/[$%]+\{/gu, (opening) =>
      opening.length === 2 ? `${opening[0]}${opening}` : `\${"${Array.from(opening, spellOut).join('')}"}`,
    )
    .replaceAll(ACCOUNT_TO_BE_FOUND, `\${data.aws_caller_identity.${NAME}.account_id}`)
}

function spellOut(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
