// The policies as a CloudFormation template. In JSON, not YAML: a name in it can end no string and begin no tag. Pure.

import { mapStrings } from './map-strings.ts'
import type { Policies } from './policies.ts'
import { ACCOUNT_TO_BE_FOUND } from './policy.ts'
import { GITHUB_PROVIDER_HOST } from './trust-policy.ts'

/** The stack's own name for what it makes. */
const ROLE = 'DeployRole'

export function renderCloudFormation(
  policies: Policies,
  { roleName, bucket }: { readonly roleName: string; readonly bucket: string },
): unknown {
  const { role, trust } = policies
  const takesRole = role !== undefined && trust !== undefined
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'What freshfront needs to deploy a site: freshfront iam made this.',
    ...(trust !== undefined && {
      Parameters: {
        CreateGitHubProvider: {
          Type: 'String',
          AllowedValues: ['yes', 'no'],
          Default: 'no',
          Description:
            'yes: this account does not know GitHub as an OpenID Connect provider yet. There can be one only.',
        },
      },
      Conditions: { CreatesProvider: { 'Fn::Equals': [{ Ref: 'CreateGitHubProvider' }, 'yes'] } },
    }),
    Resources: {
      ...(trust !== undefined && {
        GitHubProvider: {
          Type: 'AWS::IAM::OIDCProvider',
          Condition: 'CreatesProvider',
          Properties: { Url: `https://${GITHUB_PROVIDER_HOST}`, ClientIdList: ['sts.amazonaws.com'] },
        },
        [ROLE]: {
          Type: 'AWS::IAM::Role',
          Properties: { RoleName: roleName, AssumeRolePolicyDocument: toTemplate(trust) },
        },
      }),
      ...(role !== undefined && {
        DeployPolicy: takesRole
          ? {
              Type: 'AWS::IAM::Policy',
              Properties: { PolicyName: roleName, Roles: [{ Ref: ROLE }], PolicyDocument: toTemplate(role) },
            }
          : {
              Type: 'AWS::IAM::ManagedPolicy',
              Properties: { ManagedPolicyName: roleName, PolicyDocument: toTemplate(role) },
            },
      }),
      ...(policies.bucket !== undefined && {
        SiteBucketPolicy: {
          Type: 'AWS::S3::BucketPolicy',
          Properties: { Bucket: bucket, PolicyDocument: toTemplate(policies.bucket) },
        },
      }),
    },
    ...(trust !== undefined && { Outputs: { RoleArn: { Value: { 'Fn::GetAtt': [ROLE, 'Arn'] } } } }),
  }
}

/** Whether CloudFormation would look a name up instead of taking it: a dynamic reference is resolved in any string, and cannot be escaped. */
export function isDynamicReference(name: string): boolean {
  return name.includes('{{resolve:')
}

/** Only `Fn::Sub` reads `${…}`, and there `${!…}` is the text itself. */
function toTemplate(policy: unknown): unknown {
  return mapStrings(policy, (text) =>
    text.includes(ACCOUNT_TO_BE_FOUND)
      ? { 'Fn::Sub': text.replaceAll('${', '${!').replaceAll(ACCOUNT_TO_BE_FOUND, '${AWS::AccountId}') }
      : text,
  )
}
