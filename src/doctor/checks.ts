// Everything that the doctor can find: each code with how bad it is, what comes of it and what to do. docs/doctor.md says the same. Pure.

import type { Severity, SetupFinding } from '../model.ts'

export interface Check {
  readonly severity: Severity
  readonly why: string
  readonly fix: string
}

function problem(why: string, fix: string): Check {
  return { severity: 'problem', why, fix }
}

function advice(why: string, fix: string): Check {
  return { severity: 'advice', why, fix }
}

export type CheckCode =
  | 'BUCKET_NOT_FOUND'
  | 'WRONG_REGION'
  | 'PUBLIC_ACLS'
  | 'ACLS_ENABLED'
  | 'ACL_REFUSED'
  | 'PUBLIC_BUCKET'
  | 'PUBLIC_ACCESS_NOT_BLOCKED'
  | 'NO_VERSIONING'
  | 'KMS_ENCRYPTION'
  | 'KMS_WITHOUT_ORIGIN_ACCESS_CONTROL'
  | 'WEBSITE_NOT_CONFIGURED'
  | 'STATE_READABLE'
  | 'NO_ORIGIN_ACCESS_CONTROL'
  | 'ORIGIN_ACCESS_IDENTITY'
  | 'ORIGIN_NOT_ALLOWED'
  | 'WEBSITE_ENDPOINT'
  | 'NO_DISTRIBUTION'
  | 'SEVERAL_DISTRIBUTIONS'
  | 'DISTRIBUTION_DISABLED'
  | 'ORIGIN_NOT_THE_BUCKET'
  | 'ORIGIN_WRONG_REGION'
  | 'ORIGIN_WITHOUT_REGION'
  | 'NO_DEFAULT_ROOT_OBJECT'
  | 'DEFAULT_ROOT_OBJECT_MISSING'
  | 'NO_INDEX_DOCUMENTS'
  | 'NO_ERROR_PAGE'
  | 'ERROR_PAGE_MISSING'
  | 'VERIFY_URL_UNCLAIMED'
  | 'QUERY_STRINGS_IN_CACHE_KEY'
  | 'HOST_SENT_TO_ORIGIN'
  | 'CACHE_KEY_SPLIT'
  | 'MIN_TTL_OVER_NO_STORE'
  | 'MIN_TTL'
  | 'LONG_ERROR_TTL'
  | 'NO_COMPRESSION'
  | 'NO_BROTLI'
  | 'HTTP_ALLOWED'
  | 'NO_CACHE_TAGS'
  | 'CACHE_TAG_HEADER_NOT_FROM_S3'
  | 'URLS_NOT_KNOWN'
  | 'PERMISSION_MISSING'
  | 'NOT_READABLE'
  | 'DISTRIBUTION_NOT_READABLE'
  | 'STATE_NOT_READABLE'
  | 'EDGE_NOT_ANSWERING'

/** In the order of a deploy: the bucket, who may read it, its pages, what is cached, and what could not be seen. */
export const CHECKS: Readonly<Record<CheckCode, Check>> = {
  // The bucket.
  BUCKET_NOT_FOUND: problem(
    'There is nowhere to deploy to.',
    'Check the name, the account and the profile, or create the bucket.',
  ),
  WRONG_REGION: problem(
    'S3 refuses every request that is signed for another region.',
    "Set --region, FRESHFRONT_REGION or AWS_REGION to the bucket's region.",
  ),
  PUBLIC_ACLS: problem(
    'Everyone can read these objects from S3 itself, around CloudFront and whatever it protects.',
    'Take --acl out of the settings, give CloudFront an origin access control, and set Object Ownership to "Bucket owner enforced", which switches ACLs off.',
  ),
  ACLS_ENABLED: advice(
    'One upload with --acl public-read makes an object public.',
    'Set Object Ownership to "Bucket owner enforced".',
  ),
  ACL_REFUSED: problem(
    'The bucket has ACLs switched off and refuses every upload that carries one.',
    'Remove "acl" from the settings: with an origin access control nothing needs to be public.',
  ),
  PUBLIC_BUCKET: problem(
    'Everyone can read the site from S3 itself, around CloudFront, its logs and its certificates.',
    'Give CloudFront an origin access control and put the policy of freshfront iam --only bucket in the place of the public one.',
  ),
  PUBLIC_ACCESS_NOT_BLOCKED: advice(
    'One policy or ACL is enough to open the bucket to everyone.',
    'Switch all four settings of Block Public Access on.',
  ),
  NO_VERSIONING: advice(
    'What is overwritten or deleted by mistake, by any tool, cannot be brought back.',
    'Switch versioning on, with a lifecycle rule that ends old versions after some weeks.',
  ),
  KMS_ENCRYPTION: advice(
    'Whoever writes or reads needs the key too: uploads fail without kms:GenerateDataKey and kms:Decrypt, CloudFront without being named in the key policy.',
    'Allow both to the role on that key, and kms:Decrypt to cloudfront.amazonaws.com in the key policy; or use SSE-S3.',
  ),
  KMS_WITHOUT_ORIGIN_ACCESS_CONTROL: problem(
    'Only an origin access control can read objects that are encrypted with KMS: viewers get errors.',
    'Give the origin an origin access control, or use SSE-S3.',
  ),
  WEBSITE_NOT_CONFIGURED: problem(
    'The website endpoint of a bucket that is no website answers everything with an error.',
    'Configure the bucket as a website, or use its REST endpoint as the origin.',
  ),

  // What Freshfront remembers.
  STATE_READABLE: problem(
    'It lists every key of the site, also those that no page links to, and what each release was.',
    'Put the bucket policy of freshfront iam --only bucket on the bucket: it denies .freshfront/ to CloudFront, and not to your role. On a public bucket, close it first.',
  ),

  // Who may read.
  NO_ORIGIN_ACCESS_CONTROL: problem(
    'CloudFront comes as anybody, so that the bucket must be public for the site to work, or the site does not.',
    'Create an origin access control for the origin, and put the policy of freshfront iam --only bucket on the bucket.',
  ),
  ORIGIN_ACCESS_IDENTITY: advice(
    'Origin access identities are the old way: they read nothing that is encrypted with KMS, and nothing in newer regions.',
    'Replace it by an origin access control, and the bucket policy by that of freshfront iam --only bucket.',
  ),
  ORIGIN_NOT_ALLOWED: problem(
    'Viewers get 403 for everything that no edge has cached.',
    'Put the policy of freshfront iam --only bucket on the bucket.',
  ),
  WEBSITE_ENDPOINT: advice(
    'The bucket must be public for it, CloudFront asks it over plain HTTP, and each page has three URLs to refresh: /a/, /a and /a/index.html.',
    'Use the REST endpoint with an origin access control, and a CloudFront Function that adds index.html.',
  ),

  // Finding the pages.
  NO_DISTRIBUTION: problem(
    'Deploys upload and refresh nothing: whatever caches the site stays stale.',
    'Name the distribution with --distribution, or create one with this bucket as its origin.',
  ),
  SEVERAL_DISTRIBUTIONS: advice(
    'A deploy refreshes every one of them, and each path is paid for on each.',
    'Nothing, if all of them show this site; else name those that do with --distribution.',
  ),
  DISTRIBUTION_DISABLED: advice(
    'It answers nobody, and deploys pass it over.',
    'Enable it, or leave it out of --distribution.',
  ),
  ORIGIN_NOT_THE_BUCKET: problem(
    'Which URLs show which keys cannot be told, so that every deploy refreshes everything.',
    'Check the id; if the origin leads to the bucket in another way, such as an access point, nothing can be done here.',
  ),
  ORIGIN_WRONG_REGION: problem(
    'There is no such bucket in that region: S3 answers with an error or a redirect that viewers see.',
    'Write the region of the bucket in the domain name of the origin.',
  ),
  ORIGIN_WITHOUT_REGION: advice(
    'Until the global name of a young bucket is known everywhere, S3 answers it with redirects, which CloudFront passes on to viewers.',
    'Write the domain name of the origin with its region: BUCKET.s3.REGION.amazonaws.com.',
  ),
  NO_DEFAULT_ROOT_OBJECT: problem(
    'The address of the site alone, without a file name, is answered with an error, or with a listing of the bucket.',
    'Set the default root object to index.html.',
  ),
  DEFAULT_ROOT_OBJECT_MISSING: problem(
    'The address of the site alone is answered with an error.',
    'Correct the default root object, or the prefix that the site is deployed under.',
  ),
  NO_INDEX_DOCUMENTS: problem(
    'Addresses that end in a slash are answered with an error: S3 knows no index documents below the root.',
    'Associate a CloudFront Function with viewer requests that adds index.html to paths that end in a slash.',
  ),
  NO_ERROR_PAGE: advice(
    'Whoever follows a dead link sees XML. S3 answers a missing key with 403 to those who may not list the bucket, CloudFront among them.',
    'Add custom error responses for 403 and 404 with your 404 page, response code 404.',
  ),
  ERROR_PAGE_MISSING: problem(
    'CloudFront cannot find the error page, and answers with an error about that.',
    'Correct the path of the error page, or deploy one there.',
  ),
  VERIFY_URL_UNCLAIMED: problem(
    'Deploys with that setting are refused.',
    'Correct "verifyUrl", or add the name to the aliases of the distribution.',
  ),

  // What is cached, and for how long.
  QUERY_STRINGS_IN_CACHE_KEY: advice(
    'Each query string, every utm_source too, is a cache entry of its own: visitors wait for what is cached already, and deploys need a wildcard for each page.',
    'Use a cache policy without query strings, such as CachingOptimized: S3 does not read them.',
  ),
  HOST_SENT_TO_ORIGIN: problem(
    "S3 finds the bucket by the Host header, and signatures cover it: the viewer's Host leads to errors.",
    'Leave Host out of the cache policy and of the origin request policy (AllViewerExceptHostHeader).',
  ),
  CACHE_KEY_SPLIT: advice(
    'S3 answers the same whatever they are: the edge keeps many copies of one page, and finds the right one seldom.',
    'Use a cache policy without headers and cookies, such as CachingOptimized.',
  ),
  MIN_TTL_OVER_NO_STORE: problem(
    'What says that it must not be stored, or must be asked for each time, is stored all the same for the minimum TTL.',
    'Set the minimum TTL of the cache policy to 0, or to 1 as CachingOptimized has it.',
  ),
  MIN_TTL: advice(
    'Cache-Control headers that ask for less are not heeded at the edge.',
    'Set the minimum TTL to 0, or to 1 as CachingOptimized has it.',
  ),
  LONG_ERROR_TTL: advice(
    'A page that somebody asked for before it was there stays missing that long, unless a deploy pays a path for it; and one hiccup of S3 is shown that long.',
    'Set the error caching minimum TTL to 10 seconds, the default.',
  ),
  NO_COMPRESSION: advice(
    'Text travels three to five times as large as it could.',
    'Switch on automatic compression, with a cache policy that has gzip and Brotli, such as CachingOptimized.',
  ),
  NO_BROTLI: advice(
    'Browsers get gzip where Brotli would be smaller by about a sixth.',
    'Use a cache policy that has Brotli, such as CachingOptimized; the legacy cache settings know gzip alone.',
  ),
  HTTP_ALLOWED: advice(
    'Whoever is in between can read and change what visitors see.',
    'Set the viewer protocol policy to "Redirect HTTP to HTTPS".',
  ),
  NO_CACHE_TAGS: advice(
    'Without tags each URL of a changed object is a path of its own, and much that did not change goes cold when many pages change at once.',
    'Set the cache tag header of the distribution to x-amz-meta-cache-tag; the next deploy tags every object and purges everything once.',
  ),
  CACHE_TAG_HEADER_NOT_FROM_S3: advice(
    'S3 can send no header of that name, so that no object has tags.',
    'Set the cache tag header of the distribution to x-amz-meta-cache-tag.',
  ),
  URLS_NOT_KNOWN: advice(
    'Every deploy that changes anything refreshes everything in the scope of the site.',
    'Say in freshfront.json under "urls" where keys are served, or let the role read the function (cloudfront:GetFunction).',
  ),

  // What the doctor could and could not see.
  PERMISSION_MISSING: problem(
    'A deploy needs it and will fail.',
    'Give the role the policy of freshfront iam --only role.',
  ),
  NOT_READABLE: advice(
    'Nothing can be said about it; a deploy does not need it.',
    'To have it looked at, run the doctor with the policy of freshfront iam --only role --doctor.',
  ),
  DISTRIBUTION_NOT_READABLE: problem(
    'A deploy reads it too and will fail.',
    'Check the id, the account and the profile.',
  ),
  STATE_NOT_READABLE: problem(
    'Deploys stop before they begin.',
    'Use the newest Freshfront; if the state was damaged by hand, delete it: the next deploy takes the site over as it finds it.',
  ),
  EDGE_NOT_ANSWERING: advice(
    'Whether what Freshfront remembers is hidden was judged by the bucket policy alone.',
    'Check the address and the network, and try again.',
  ),
}

/** @param about severity where it is not the usual one, and the distribution */
export function finding(
  code: CheckCode,
  what: string,
  about: { readonly severity?: Severity; readonly distribution?: string } = {},
): SetupFinding {
  return { code, ...CHECKS[code], what, ...about }
}
