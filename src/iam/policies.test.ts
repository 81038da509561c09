import { describe, expect, it } from 'vitest'
import { isDynamicReference } from './cloudformation.ts'
import { makePolicies, renderPolicies, type PoliciesInput, type PolicyFormat } from './policies.ts'
import { ACCOUNT_TO_BE_FOUND, partitionOf, type PolicyDocument, type PolicyScope } from './policy.ts'

const scope: PolicyScope = {
  partition: 'aws',
  account: '123456789012',
  bucket: 'my-site',
  prefix: 'blog/',
  distributions: ['E2QWRUHAPOMQZL'],
}
const source = { owner: 'octo', repo: 'site', from: { branch: 'main' } } as const

function make(changes: Partial<PoliciesInput> & { readonly at?: Partial<PolicyScope> } = {}) {
  const { at, ...input } = changes
  return makePolicies({ needs: {}, source, roleName: 'deploy', ...input, scope: { ...scope, ...at } }, undefined)
}

function render(format: PolicyFormat, at: Partial<PolicyScope> = {}): Record<string, Record<string, unknown>> {
  const text = renderPolicies(make({ at }), format, { roleName: 'deploy', bucket: at.bucket ?? scope.bucket })
  return JSON.parse(text) as Record<string, Record<string, unknown>>
}

function statement(policy: PolicyDocument | undefined, sid: string) {
  return policy?.Statement.find(({ Sid }) => Sid === sid)
}

describe('the role policy', () => {
  it('allows a deploy its own requests, on its prefix and distribution', () => {
    expect(make().role).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ListSite',
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: 'arn:aws:s3:::my-site',
          Condition: { StringLikeIfExists: { 's3:prefix': 'blog/*' } },
        },
        {
          Sid: 'ReadBucket',
          Effect: 'Allow',
          Action: ['s3:ListBucketMultipartUploads', 's3:GetBucketWebsite'],
          Resource: ['arn:aws:s3:::my-site'],
        },
        {
          Sid: 'DeploySite',
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
          Resource: ['arn:aws:s3:::my-site/blog/*'],
        },
        { Sid: 'FindDistributions', Effect: 'Allow', Action: ['cloudfront:ListDistributions'], Resource: ['*'] },
        {
          Sid: 'RefreshDistributions',
          Effect: 'Allow',
          Action: ['cloudfront:GetDistribution', 'cloudfront:CreateInvalidation', 'cloudfront:GetInvalidation'],
          Resource: ['arn:aws:cloudfront::123456789012:distribution/E2QWRUHAPOMQZL'],
        },
        {
          Sid: 'ReadCachePolicies',
          Effect: 'Allow',
          Action: ['cloudfront:GetCachePolicy'],
          Resource: ['arn:aws:cloudfront::123456789012:cache-policy/*'],
        },
        {
          Sid: 'ReadFunctions',
          Effect: 'Allow',
          Action: ['cloudfront:GetFunction'],
          Resource: ['arn:aws:cloudfront::123456789012:function/*'],
        },
      ],
    })
  })

  it.each([
    ['s3:PutObjectAcl', { acl: true }],
    ['cloudfront:ListInvalidations', { countAccount: true }],
    ['cloudfront:CreateInvalidationForDistributionTenant', { tenants: true }],
    ['s3:GetBucketPolicy', { doctor: true }],
  ])('asks for %s only with %j', (action, needs) => {
    const actionsWith = (given: object) => make({ needs: given }).role?.Statement.flatMap(({ Action }) => Action)
    expect(actionsWith({})).not.toContain(action)
    expect(actionsWith(needs)).toContain(action)
  })

  it('counts the account on all of its distributions, and refreshes its own alone', () => {
    const { role } = make({ needs: { countAccount: true } })
    expect(statement(role, 'CountAccount')).toMatchObject({
      Action: ['cloudfront:GetInvalidation', 'cloudfront:ListInvalidations'],
      Resource: ['arn:aws:cloudfront::123456789012:distribution/*'],
    })
    expect(statement(role, 'RefreshDistributions')?.Resource).toEqual([
      'arn:aws:cloudfront::123456789012:distribution/E2QWRUHAPOMQZL',
    ])
  })

  it('has the ARNs of the region’s own partition', () => {
    expect(['eu-west-1', 'cn-north-1', 'us-gov-west-1', undefined].map(partitionOf)).toEqual([
      'aws',
      'aws-cn',
      'aws-us-gov',
      'aws',
    ])
    expect(JSON.stringify(make({ at: { partition: 'aws-cn' } }))).not.toContain('arn:aws:')
  })
})

describe('the trust policy', () => {
  it('lists both forms of GitHub’s subject', () => {
    expect(make().trust?.Statement).toEqual([
      {
        Sid: 'GitHubActions',
        Effect: 'Allow',
        Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
          StringLike: {
            'token.actions.githubusercontent.com:sub': [
              'repo:octo/site:ref:refs/heads/main',
              'repo:octo@*/site@*:ref:refs/heads/main',
            ],
          },
        },
      },
    ])
  })

  it.each([
    [{ environment: 'production' }, 'repo:octo@11/site@22:environment:production'],
    [{ branch: 'release/*' }, 'repo:octo@11/site@22:ref:refs/heads/release/${*}'],
    [{ environment: 'a:b' }, 'repo:octo@11/site@22:environment:a%3Ab'],
    [{ branch: '${aws:username}' }, 'repo:octo@11/site@22:ref:refs/heads/${$}{aws%3Ausername}'],
  ])('takes jobs of %j as that name and no pattern', (from, subject) => {
    const { trust } = make({ source: { ...source, ids: { owner: '11', repo: '22' }, from } })
    const subjects = trust?.Statement[0]?.Condition?.['StringLike']?.['token.actions.githubusercontent.com:sub']
    expect(subjects?.[1]).toBe(subject)
  })
})

describe('the bucket policy', () => {
  it('lets the distribution read the site and denies CloudFront, not the role, what Freshfront remembers', () => {
    expect(make().bucket?.Statement).toEqual([
      {
        Sid: 'CloudFrontReadsSite',
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::my-site/blog/*',
        Condition: {
          StringEquals: { 'AWS:SourceArn': 'arn:aws:cloudfront::123456789012:distribution/E2QWRUHAPOMQZL' },
        },
      },
      {
        Sid: 'CloudFrontNeverReadsState',
        Effect: 'Deny',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::my-site/blog/.freshfront/*',
      },
    ])
  })

  it('names any distribution of the account where none is given', () => {
    expect(statement(make({ at: { distributions: [] } }).bucket, 'CloudFrontReadsSite')?.Condition).toEqual({
      ArnLike: { 'AWS:SourceArn': 'arn:aws:cloudfront::123456789012:distribution/*' },
    })
  })
})

describe('templates', () => {
  const anywhere = { account: ACCOUNT_TO_BE_FOUND }

  it('find the account by themselves', () => {
    const cloudFormation = JSON.stringify(render('cloudformation', anywhere))
    expect(cloudFormation).toContain('{"Fn::Sub":"arn:aws:cloudfront::${AWS::AccountId}:distribution/E2QWRUHAPOMQZL"}')
    const terraform = JSON.stringify(render('terraform', anywhere))
    expect(terraform).toContain(
      '"arn:aws:cloudfront::${data.aws_caller_identity.freshfront.account_id}:distribution/E2QWRUHAPOMQZL"',
    )
  })

  it('hold the role, its policy and the bucket policy', () => {
    const resources = render('cloudformation')['Resources'] as Record<string, { readonly Type: string }>
    expect(Object.entries(resources).map(([name, { Type }]) => [name, Type])).toEqual([
      ['GitHubProvider', 'AWS::IAM::OIDCProvider'],
      ['DeployRole', 'AWS::IAM::Role'],
      ['DeployPolicy', 'AWS::IAM::Policy'],
      ['SiteBucketPolicy', 'AWS::S3::BucketPolicy'],
    ])
    expect(Object.keys(render('terraform')['resource'] ?? {})).toEqual([
      'aws_iam_openid_connect_provider',
      'aws_iam_role',
      'aws_iam_role_policy',
      'aws_s3_bucket_policy',
    ])
  })
})

describe('hostile names', () => {
  const names = [
    '${aws:username}/',
    '$${file("/etc/passwd")}/',
    '%{ for x in y }/',
    '"}], "x": [{/',
    '%%{if true}/',
    '!Sub ${A}/',
  ]

  it.each(names)('%j stands for itself in a policy', (prefix) => {
    const resource = String(statement(make({ at: { prefix } }).bucket, 'CloudFrontReadsSite')?.Resource)
    expect(unescapePolicyText(resource.slice(0, -1))).toBe(`arn:aws:s3:::my-site/${prefix}`)
    expect(resource.replace(/\$\{[$*?]\}/gu, '')).not.toContain('${')
  })

  it.each(names)('%j stands for itself in a CloudFormation template', (prefix) => {
    const { Resources } = render('cloudformation', { account: ACCOUNT_TO_BE_FOUND, prefix }) as unknown as {
      readonly Resources: { readonly SiteBucketPolicy: { readonly Properties: { readonly PolicyDocument: unknown } } }
    }
    const wanted = render('json', { account: '000000000000', prefix })['bucket']
    expect(evaluateSub(Resources.SiteBucketPolicy.Properties.PolicyDocument)).toEqual(wanted)
  })

  it.each(names)('%j stands for itself in Terraform', (prefix) => {
    const { locals } = render('terraform', { account: ACCOUNT_TO_BE_FOUND, prefix })
    const wanted = render('json', { account: '000000000000', prefix })['bucket']
    expect(evaluateTemplates(locals?.['freshfront_bucket_policy'])).toEqual(wanted)
  })

  it('of a dynamic reference CloudFormation cannot be told that it is none', () => {
    expect(['{{resolve:ssm:password}}/', 'blog/'].map(isDynamicReference)).toEqual([true, false])
  })
})

/** As IAM reads it. */
function unescapePolicyText(text: string): string {
  return text.replace(/\$\{([$*?])\}/gu, '$1')
}

/** As CloudFormation reads it: only within Fn::Sub is `${…}` anything. */
function evaluateSub(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(evaluateSub)
  if (typeof data !== 'object' || data === null) return data
  if ('Fn::Sub' in data) {
    return String(data['Fn::Sub']).replace(/\$\{([^}]*)\}/gu, (_, inside: string) => {
      if (inside === 'AWS::AccountId') return '000000000000'
      if (inside.startsWith('!')) return `\${${inside.slice(1)}}`
      throw new Error(`CloudFormation would look up ${inside}.`)
    })
  }
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, evaluateSub(value)]))
}

/** As Terraform reads it: doubled signs, a string of escapes, and the account; any other template is one that a name brought in. */
function evaluateTemplates(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(evaluateTemplates)
  if (typeof data === 'object' && data !== null)
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, evaluateTemplates(value)]))
  if (typeof data !== 'string') return data
  const pattern =
    /(?<doubled>[$%])\k<doubled>\{|\$\{data\.aws_caller_identity\.freshfront\.account_id\}|\$\{"(?<spelled>(?:\\u[0-9a-f]{4})+)"\}|[$%]+\{/gu
  return data.replace(pattern, (whole: string, doubled: string | undefined, spelled: string | undefined) => {
    if (doubled !== undefined) return `${doubled}{`
    if (spelled !== undefined) return JSON.parse(`"${spelled}"`) as string
    if (whole.startsWith('${data.')) return '000000000000'
    throw new Error(`Terraform would evaluate ${data}.`)
  })
}
