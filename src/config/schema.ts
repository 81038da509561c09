// The shape of freshfront.json. schema.json is generated from it (scripts/write-schema.ts), and so are the reference docs:
// each description is the sentence that a user reads. Flags and environment variables are checked by the same shape.

import * as z from 'zod'

import { remarkOnHeader } from '../site-rules/header-rules.ts'
import {
  CANNED_ACLS,
  CONCURRENCY_MAX,
  ENCRYPTIONS,
  STORAGE_CLASSES,
  remarkOnBucket,
  remarkOnCacheControl,
  remarkOnDistribution,
  remarkOnEndpointUrl,
  remarkOnIgnore,
  remarkOnKeepAssets,
  remarkOnObjectTags,
  remarkOnPrefix,
  remarkOnRegion,
  remarkOnText,
  remarkOnResolve,
  remarkOnUrlPath,
  remarkOnVerifyUrl,
  type Remark,
} from './expected.ts'

function text(remark: Remark): z.ZodString {
  return z.string().check((context) => {
    const message = remark(context.value)
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value })
  })
}

const distributionId = text(remarkOnDistribution).meta({ pattern: '^E[A-Z0-9]+$' })

const verifyUrl = text(remarkOnVerifyUrl)

const filterRule = z
  .strictObject({
    include: text(remarkOnText).optional().describe('Deploy the files that match.'),
    exclude: text(remarkOnText).optional().describe('Leave out the files that match.'),
  })
  .check((context) => {
    if (Object.keys(context.value).length !== 1) {
      context.issues.push({ code: 'custom', message: 'Each rule has one of the two.', input: context.value })
    }
  })
  .meta({ minProperties: 1, maxProperties: 1 })

const urlRule = z.strictObject({
  key: text(remarkOnText).describe(
    'Which keys, as the origin has them below its origin path; each * stands for any text, / included.',
  ),
  paths: z
    .array(text(remarkOnUrlPath))
    .min(1)
    .describe(
      'Where these keys are served, each beginning with /; $1 stands for what the first * matched, $2 for the second.',
    ),
})

const headerRule = z.strictObject({
  for: text(remarkOnText).describe(
    'Which files: a pattern as in filters, such as assets/*; with / at its beginning a URL path as in _headers, such as /blog/:slug.',
  ),
  set: z
    .record(z.string(), z.string())
    .check((context) => {
      for (const [name, value] of Object.entries(context.value)) {
        const message = remarkOnHeader(name, value)
        if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value })
      }
    })
    .describe('The headers, by name.'),
})

const objectTags = z.record(z.string(), z.string()).check((context) => {
  const message = remarkOnObjectTags(context.value)
  if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value })
})

const budget = {
  maxPaths: z
    .int()
    .min(1)
    .optional()
    .describe("The most invalidation paths of one deploy (default: its share of the month's free ones)."),
  maxCost: z
    .number()
    .min(0)
    .optional()
    .describe('What one deploy may spend on paths beyond the free ones, in US dollars (default: 0).'),
  countAccount: z
    .boolean()
    .optional()
    .describe(
      'Ask CloudFront how many paths the whole account has invalidated this month, instead of counting only what was sent from here (default: false).',
    ),
}

const invalidation = z.strictObject({
  ...budget,
  pathsPerMonth: z
    .int()
    .min(0)
    .optional()
    .describe('How many of the 1,000 free paths of the account this site may use in a month (default: 1000).'),
})

const keys = {
  $schema: z.string().optional().describe('Where editors find the description of this file.'),
  dir: text(remarkOnText).optional().describe('The folder of the built site, relative to this file.'),
  bucket: text(remarkOnBucket)
    .optional()
    .describe('The S3 bucket that the site lives in: its name, or s3://bucket/prefix.')
    .meta({ minLength: 3 }),
  prefix: text(remarkOnPrefix)
    .optional()
    .describe(
      'The part of the bucket that belongs to the site, such as blog/. Keys outside of it are never touched (default: the whole bucket).',
    ),
  distribution: z
    .union([distributionId, z.array(distributionId)])
    .optional()
    .describe('The CloudFront distributions to refresh, by id (default: every distribution that serves the bucket).'),
  region: text(remarkOnRegion).optional().describe('The AWS region of the bucket (default: as the AWS CLI finds it).'),
  profile: text(remarkOnText)
    .optional()
    .describe('The profile of the AWS configuration to take credentials and region from.'),
  endpointUrl: text(remarkOnEndpointUrl)
    .optional()
    .describe('Where S3 is asked instead of AWS, for stores that speak its protocol.'),
  filters: z
    .array(filterRule)
    .optional()
    .describe(
      'Which files of the folder are deployed, in order: the last rule that matches a file decides, and * also matches /. --include and --exclude come after these (default: all files).',
    ),
  delete: z
    .boolean()
    .optional()
    .describe('Also remove objects under the prefix that Freshfront did not put there (default: false).'),
  keep: z
    .array(text(remarkOnText))
    .optional()
    .describe(
      'Objects that are never removed, by patterns of their keys below the prefix, in which * also matches /: neither with delete nor when they have left the build. --keep adds to these (default: none).',
    ),
  allowSecrets: z
    .array(text(remarkOnText))
    .optional()
    .describe(
      'Files that are deployed although they look like secrets (.env*, .git/, private keys, AWS keys), by patterns in which * also matches /. --allow-secrets adds to these (default: none, a secret stops the deploy).',
    ),
  followSymlinks: z
    .boolean()
    .optional()
    .describe(
      'Deploy what symbolic links point to, also outside of the folder (default: false, a link out of the folder is refused).',
    ),
  precompressed: z
    .boolean()
    .optional()
    .describe(
      'Store app.js.br and app.js.gz that lie beside app.js with its Content-Type and their Content-Encoding, for a function at the edge that chooses between them (default: false, they are files like any other).',
    ),
  statCache: z
    .boolean()
    .optional()
    .describe(
      'Remember in .freshfront/cache what was read of each file, and read it again only when its inode, size or times have changed (default: true; false where the environment variable CI is set, as files are new there each time).',
    ),
  acl: z
    .enum(CANNED_ACLS)
    .optional()
    .describe('The canned ACL of each uploaded object. Buckets made since April 2023 refuse any (default: none).'),
  cacheControl: text(remarkOnCacheControl)
    .optional()
    .describe(
      'One Cache-Control header for every object. "recommended" gives each kind of file its own: public, max-age=31536000, immutable to files with a fingerprint in their names, max-age=0, s-maxage=31536000, must-revalidate to all others, which edges keep until a deploy purges them (default: none).',
    ),
  headers: z
    .array(headerRule)
    .optional()
    .describe(
      'Response headers of parts of the site, in order: the last rule that matches a file has the say. They come after cacheControl and the _headers file of the site. What S3 cannot send, freshfront headers-policy writes as a response headers policy for CloudFront (default: none).',
    ),
  sse: z
    .enum(ENCRYPTIONS)
    .optional()
    .describe('How S3 encrypts what is uploaded; what is there already stays as it is (default: as the bucket does).'),
  sseKmsKeyId: text(remarkOnText)
    .optional()
    .describe('The KMS key of it, with sse aws:kms (default: the key of AWS for S3).'),
  storageClass: z
    .enum(STORAGE_CLASSES)
    .optional()
    .describe('The storage class of what is uploaded; what is there already stays as it is (default: STANDARD).'),
  objectTags: objectTags
    .optional()
    .describe('Tags of each object that is uploaded, for bills and lifecycle rules; not cache tags (default: none).'),
  concurrency: z
    .int()
    .min(1)
    .max(CONCURRENCY_MAX)
    .optional()
    .describe(
      'Most uploads under way at once (default: 64): how many are best is found out, and halved when S3 asks for less.',
    ),
  maxDelete: z
    .int()
    .min(0)
    .optional()
    .describe(
      'The most objects that a deploy removes without being told --yes (default: half of the site or 256, whichever is more).',
    ),
  keepAssets: text(remarkOnKeepAssets)
    .optional()
    .describe(
      'How long assets with a fingerprint in their names stay after they have left the build, for pages that browsers still show: "5" for five releases, "14d" for two weeks, "3,7d" while younger than either, "0" not at all (default: 3,7d).',
    )
    .meta({ pattern: '^([0-9]+(,[0-9]+d)?|[0-9]+d)$' }),
  ignore: z
    .array(text(remarkOnIgnore))
    .optional()
    .describe(
      'JavaScript regular expressions for what a build writes anew each time, such as <meta name="build"[^>]*>: a text file whose bytes differ only in what they match is left as it is live. They are read with the flags gmu (^ and $ are the ends of a line, . stays on its line) and run on UTF-8 text of up to 4 MiB; a pattern with nested repetitions such as (a+)+ can take for ever (default: none).',
    ),
  invalidation: invalidation
    .optional()
    .describe(
      'What invalidations may cost (default: nothing beyond the free paths of the month, spread over its deploys).',
    ),
  lockWait: z
    .int()
    .min(0)
    .optional()
    .describe('How many seconds to wait for another deploy that is under way (default: 0, the deploy is refused).'),
  newestWins: z
    .boolean()
    .optional()
    .describe(
      'End a deploy quietly, instead of refusing it, when its commit is older than what is live or being deployed (default: false).',
    ),
  trustState: z
    .boolean()
    .optional()
    .describe(
      'List nothing: take what is live from what the last deploy recorded. What others have changed since is not noticed (default: false).',
    ),
  urls: z
    .array(urlRule)
    .optional()
    .describe(
      'Where a Lambda@Edge function, or a function that Freshfront cannot run, rewrites URLs: under which paths keys are served besides their own. { "key": "*index.html", "paths": ["/$1"] } says that blog/index.html is also served as /blog/ (default: none; plain origins and CloudFront Functions are understood without it).',
    ),
  verifyUrl: z
    .union([verifyUrl, z.array(verifyUrl)])
    .optional()
    .describe(
      'The public address of the site, such as https://www.example.com: after a deploy the edge is asked there for what changed, and what is still stale is purged once more (default: the edge is not asked).',
    ),
  resolve: z
    .array(text(remarkOnResolve))
    .optional()
    .describe(
      'HOST:PORT:ADDRESS, as with curl: where the host of verifyUrl is reached instead of where DNS says, so that several edge locations can be asked (default: as DNS says).',
    ),
  wait: z.boolean().optional().describe('Wait until CloudFront has completed every invalidation (default: true).'),
}

/** freshfront.json, every key optional; unknown keys are refused. */
export const configFileSchema: z.ZodType<ConfigFileContent> = z.strictObject(keys)

/** What flags and environment variables may say: the same, and the words for one run. */
export const runSettingsSchema: z.ZodType<RunSettings> = z.strictObject({
  ...keys,
  ...budget,
  release: text(remarkOnText).optional(),
  force: z.boolean().optional(),
  yes: z.boolean().optional(),
})

/** What freshfront.json may hold, checked; flags and environment variables are brought into the same form. */
export interface ConfigFileContent {
  readonly $schema?: string | undefined
  readonly dir?: string | undefined
  readonly bucket?: string | undefined
  readonly prefix?: string | undefined
  readonly distribution?: string | readonly string[] | undefined
  readonly region?: string | undefined
  readonly profile?: string | undefined
  readonly endpointUrl?: string | undefined
  readonly filters?:
    | readonly { readonly include?: string | undefined; readonly exclude?: string | undefined }[]
    | undefined
  readonly delete?: boolean | undefined
  readonly keep?: readonly string[] | undefined
  readonly allowSecrets?: readonly string[] | undefined
  readonly followSymlinks?: boolean | undefined
  readonly precompressed?: boolean | undefined
  readonly statCache?: boolean | undefined
  readonly acl?: (typeof CANNED_ACLS)[number] | undefined
  readonly cacheControl?: string | undefined
  readonly headers?: readonly { readonly for: string; readonly set: Readonly<Record<string, string>> }[] | undefined
  readonly sse?: (typeof ENCRYPTIONS)[number] | undefined
  readonly sseKmsKeyId?: string | undefined
  readonly storageClass?: (typeof STORAGE_CLASSES)[number] | undefined
  readonly objectTags?: Readonly<Record<string, string>> | undefined
  readonly concurrency?: number | undefined
  readonly maxDelete?: number | undefined
  readonly keepAssets?: string | undefined
  readonly ignore?: readonly string[] | undefined
  readonly invalidation?: (BudgetSettings & { readonly pathsPerMonth?: number | undefined }) | undefined
  readonly lockWait?: number | undefined
  readonly newestWins?: boolean | undefined
  readonly trustState?: boolean | undefined
  readonly urls?: readonly { readonly key: string; readonly paths: readonly string[] }[] | undefined
  readonly verifyUrl?: string | readonly string[] | undefined
  readonly resolve?: readonly string[] | undefined
  readonly wait?: boolean | undefined
}

/** How many invalidation paths a deploy may use. */
interface BudgetSettings {
  readonly maxPaths?: number | undefined
  /** US dollars. */
  readonly maxCost?: number | undefined
  readonly countAccount?: boolean | undefined
}

export interface RunSettings extends ConfigFileContent, BudgetSettings {
  readonly release?: string | undefined
  readonly force?: boolean | undefined
  readonly yes?: boolean | undefined
}

export const configFileKeys: readonly string[] = Object.keys(keys)

/** The JSON Schema that editors check freshfront.json with. */
export function toJsonSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'freshfront.json',
    description: 'What freshfront deploys, and where to.',
    ...z.toJSONSchema(configFileSchema),
  }
}
