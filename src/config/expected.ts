// What the value of each setting must look like, whoever gave it: a flag, the environment or freshfront.json. Pure.
// A remark says what is wrong with a value in particular, or what to write instead.

import { quote } from '../errors.ts'
import { compileIgnore } from '../ignored-text.ts'
import type { KeepAssets, PinnedHost } from '../model.ts'

/** Uploads under way at once: beyond this a single machine gains nothing and S3 answers "SlowDown". */
export const CONCURRENCY_MAX = 256

/**
 * Canned ACLs of an object.
 * @see Amazon S3 User Guide, "Access control list (ACL) overview"
 */
export const CANNED_ACLS: readonly [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
] = [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
]

/** Server-side encryption, in the words of S3. @see Amazon S3 API Reference, PutObject: x-amz-server-side-encryption */
export const ENCRYPTIONS: readonly ['AES256', 'aws:kms', 'aws:kms:dsse'] = ['AES256', 'aws:kms', 'aws:kms:dsse']

/**
 * Of which a website can be served at once: GLACIER and DEEP_ARCHIVE have to be restored first.
 * @see Amazon S3 User Guide, "Understanding and managing Amazon S3 storage classes"
 */
export const STORAGE_CLASSES: readonly [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
] = ['STANDARD', 'REDUCED_REDUNDANCY', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR']

/**
 * Every setting there is, by its name in freshfront.json; `release`, `force` and `yes` are words for one run and have no
 * place there; maxPaths, maxCost and countAccount are keys of its "invalidation".
 */
export type SettingName =
  | 'dir'
  | 'bucket'
  | 'prefix'
  | 'distribution'
  | 'region'
  | 'profile'
  | 'endpointUrl'
  | 'filters'
  | 'delete'
  | 'keep'
  | 'allowSecrets'
  | 'followSymlinks'
  | 'precompressed'
  | 'statCache'
  | 'acl'
  | 'cacheControl'
  | 'headers'
  | 'sse'
  | 'sseKmsKeyId'
  | 'storageClass'
  | 'objectTags'
  | 'concurrency'
  | 'maxDelete'
  | 'keepAssets'
  | 'ignore'
  | 'invalidation'
  | 'maxPaths'
  | 'maxCost'
  | 'countAccount'
  | 'urls'
  | 'verifyUrl'
  | 'resolve'
  | 'wait'
  | 'lockWait'
  | 'newestWins'
  | 'trustState'
  | 'release'
  | 'force'
  | 'yes'

/** The words after "expected" for each setting. */
export const expectations: Readonly<Record<SettingName, string>> = {
  dir: 'the folder of the built site',
  bucket: 'a bucket name (3 to 63 lower-case letters, digits, dots and hyphens) or s3://bucket/prefix',
  prefix: 'a key prefix such as blog/',
  distribution: 'distribution ids such as E2QWRUHAPOMQZL',
  region: 'a region such as eu-west-1',
  profile: 'the name of an AWS profile',
  endpointUrl: 'a URL such as https://s3.example.com',
  filters: 'a list of { "include": "PATTERN" } and { "exclude": "PATTERN" }',
  delete: 'true or false',
  keep: 'patterns such as "uploads/*"',
  allowSecrets: 'patterns such as "demo/*.pem"',
  followSymlinks: 'true or false',
  precompressed: 'true or false',
  statCache: 'true or false',
  acl: `one of ${CANNED_ACLS.join(', ')}`,
  cacheControl: 'a Cache-Control such as "public, max-age=300" or "recommended"',
  headers: 'a list such as [{ "for": "*.pdf", "set": { "Cache-Control": "max-age=60" } }]',
  sse: `one of ${ENCRYPTIONS.join(', ')}`,
  sseKmsKeyId: 'the id, alias or ARN of a KMS key',
  storageClass: `one of ${STORAGE_CLASSES.join(', ')}`,
  objectTags: 'an object such as { "project": "site" }, up to 10 tags',
  concurrency: `a whole number from 1 to ${CONCURRENCY_MAX}`,
  maxDelete: 'a whole number, 0 or more',
  keepAssets: 'releases, days or both such as 3, 7d or 3,7d',
  ignore: 'a list of regular expressions such as <meta name="build"[^>]*>',
  invalidation: 'an object such as { "maxPaths": 15 }',
  maxPaths: 'a whole number, 1 or more',
  maxCost: 'an amount in US dollars such as 0.50',
  countAccount: 'true or false',
  lockWait: 'a whole number of seconds, 0 or more',
  newestWins: 'true or false',
  trustState: 'true or false',
  release: 'a commit, or any other name of what the site was built from',
  urls: 'a list such as [{ "key": "*index.html", "paths": ["/$1"] }]',
  verifyUrl: 'the address of the site such as https://www.example.com',
  resolve: 'HOST:PORT:ADDRESS such as www.example.com:443:203.0.113.7',
  wait: 'true or false',
  force: 'true or false',
  yes: 'true or false',
}

/** @returns undefined when the value is right */
export type Remark = (value: string) => string | undefined

export const remarkOnText: Remark = (value) => {
  if (value.trim() === '') return 'It is empty.'
  return hasControlCharacter(value) ? 'It has a control character in it.' : undefined
}

export const remarkOnKeepAssets: Remark = (value) =>
  parseKeepAssets(value) === undefined ? 'It is not of that form.' : undefined

/** `3`: releases; `7d`: days; `3,7d`: while it is younger than either; `0`: not at all. @returns undefined for anything else */
export function parseKeepAssets(value: string): KeepAssets | undefined {
  const [, releases, days, daysAlone] = /^(?:(\d{1,6})(?:\s*,\s*(\d{1,6})d)?|(\d{1,6})d)$/u.exec(value.trim()) ?? []
  if (releases === undefined && daysAlone === undefined) return undefined
  return { releases: Number(releases ?? 0), days: Number(days ?? daysAlone ?? 0) }
}

export const remarkOnIgnore: Remark = (value) => {
  const asText = remarkOnText(value)
  if (asText !== undefined) return asText
  try {
    return compileIgnore(value).test('') ? 'It also matches where there is nothing.' : undefined
  } catch (error) {
    return `It cannot be read: ${error instanceof Error ? error.message : String(error)}.`
  }
}

/** A path with placeholders: `/$1`, `/docs/$1/`. */
export const remarkOnUrlPath: Remark = (value) => {
  const asText = remarkOnText(value)
  if (asText !== undefined) return asText
  if (value.includes('://')) return 'Give the path alone, without the host.'
  return value.startsWith('/') ? undefined : 'It must begin with /.'
}

/** @see Amazon S3 User Guide, "General purpose bucket naming rules" */
export const remarkOnBucket: Remark = (value) => {
  if (value.startsWith('s3://')) return remarkOnS3Url(value)
  return remarkOnBucketName(value)
}

function remarkOnS3Url(value: string): string | undefined {
  const { bucket, prefix } = splitS3Url(value)
  return remarkOnBucketName(bucket) ?? remarkOnPrefix(prefix)
}

function remarkOnBucketName(name: string): string | undefined {
  if (name === '') return 'It is empty.'
  if (name.startsWith('arn:')) return `The name is the part after the last colon of the ARN.`
  if (/^https?:/.test(name) || name.includes('.amazonaws.com')) return 'Give the name alone, not the URL of the bucket.'
  if (name.includes('/')) return `Write s3://${name}, or use --prefix for what follows the slash.`
  if (/\p{Lu}/u.test(name)) return 'It has capital letters.'
  if (name.length < 3 || name.length > 63) return `It has ${name.length} characters.`
  if (!/^[a-z0-9.-]+$/.test(name)) return `It has ${quote(name.replace(/[a-z0-9.-]/g, '').slice(0, 1))} in it.`
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name)) return 'It must begin and end with a letter or a digit.'
  if (name.includes('..')) return 'It has two dots in a row.'
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return 'It looks like an IP address.'
  return undefined
}

export const remarkOnPrefix: Remark = (value) => {
  const segments = value.replace(/^\//, '').replace(/\/$/, '').split('/')
  if (value === '' || value === '/') return undefined
  if (value.startsWith('s3://')) return 'Give s3://bucket/prefix with --bucket.'
  if (hasControlCharacter(value)) return 'It has a control character in it.'
  if (value.includes('\\')) return 'Its parts are divided by /, not by \\.'
  if (segments.includes('')) return 'It has two slashes in a row.'
  if (segments.includes('.') || segments.includes('..'))
    return 'A prefix is not a path: "." and ".." mean nothing in a key.'
  if (segments[0] === '.freshfront') return 'Freshfront keeps its own records there.'
  if (/[*?]/.test(value)) return 'A prefix has no wildcards; choose files with --include and --exclude.'
  return undefined
}

export const remarkOnDistribution: Remark = (value) => {
  if (/^E[A-Z0-9]+$/.test(value)) return undefined
  const leaveItOut = 'leave it out and Freshfront finds the distributions that serve the bucket'
  if (value.startsWith('arn:')) return 'The id is the part after the last slash of the ARN.'
  if (/[.:/]/.test(value)) return `That is a domain name or a URL; give the id, or ${leaveItOut}.`
  if (/^e[a-z0-9]+$/i.test(value)) return `Ids have capital letters: ${value.toUpperCase()}.`
  return `Ids begin with E; aws cloudfront list-distributions shows them, or ${leaveItOut}.`
}

/** Servers that only speak S3's protocol have regions such as `auto`, `default` or `garage`. */
export const remarkOnRegion: Remark = (value) => {
  const zone = /^([a-z]{2,}(?:-[a-z]+)+-\d)[a-z]$/.exec(value)
  if (zone !== null) return `That is an availability zone; its region is ${zone[1]}.`
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)
    ? undefined
    : 'Regions are written with lower-case letters, digits and hyphens.'
}

export const remarkOnEndpointUrl: Remark = (value) => {
  const withoutScheme = /^[\w.-]+(:\d+)?$/.test(value) ? `Write http://${value} or https://${value}.` : undefined
  if (!URL.canParse(value)) return withoutScheme ?? 'It must begin with http:// or https://.'
  const url = new URL(value)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return withoutScheme ?? 'It must begin with http:// or https://.'
  }
  if (url.username !== '' || url.password !== '') return 'Credentials do not belong in it.'
  return url.search !== '' || url.hash !== '' ? 'It must not have a query or a fragment.' : undefined
}

/** Paths are worked out from the site, so that only the host is asked for. */
export const remarkOnVerifyUrl: Remark = (value) => {
  const asUrl = remarkOnEndpointUrl(value)
  if (asUrl !== undefined) return asUrl
  return /^https?:\/\/[^/]+\/?$/i.test(value)
    ? undefined
    : 'Give it without a path: which ones to ask for is worked out from the site.'
}

export const remarkOnResolve: Remark = (value) =>
  parsePinnedHost(value) === undefined ? 'It says where a host is reached, as with curl.' : undefined

/** `example.com:443:203.0.113.7,[2001:db8::1]`; an address may name a port of its own. @returns undefined when it is not of that form */
export function parsePinnedHost(value: string): PinnedHost | undefined {
  const { host, port, addresses } = /^(?<host>[^:/\s]+):(?<port>\d+):(?<addresses>\S+)$/.exec(value)?.groups ?? {}
  if (host === undefined || addresses === undefined || !isPort(port)) return undefined
  const pinned = addresses.split(',').map((address) => {
    const [, ip, own = port] = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::(\d+))?$/i.exec(address) ?? []
    return ip === undefined || !isPort(own) ? undefined : `${ip}:${own}`
  })
  if (pinned.includes(undefined)) return undefined
  return {
    host: host.toLowerCase(),
    port: Number(port),
    addresses: pinned.filter((address) => address !== undefined),
  }
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535
}

/** A header value that HTTP can carry. @see RFC 9110 §5.5 */
export const remarkOnCacheControl: Remark = (value) => {
  if (value.trim() === '') return 'It is empty.'
  if (/^cache-control:/i.test(value)) return 'Give the value alone, without "Cache-Control:".'
  if (value !== 'recommended' && /^rec?c?om/i.test(value)) return 'Did you mean recommended?'
  return /^[\x20-\x7e]+$/.test(value) ? undefined : 'A header takes printable ASCII only.'
}

/** @see Amazon S3 User Guide, "Categorizing your objects using tags" */
export function remarkOnObjectTags(tags: Readonly<Record<string, string>>): string | undefined {
  if (Object.keys(tags).length > 10) return `S3 takes 10 tags; these are ${Object.keys(tags).length}.`
  for (const [name, value] of Object.entries(tags)) {
    if (name === '' || name.length > 128) return 'The name of a tag has 1 to 128 characters.'
    if (name.toLowerCase().startsWith('aws:')) return 'Names that begin with aws: belong to AWS.'
    if (value.length > 256) return `The value of ${quote(name)} has more than 256 characters.`
    if (!/^[\p{L}\p{N}\p{Z}+\-=._:/@]*$/u.test(name + value))
      return `${quote(name)} has a character that tags cannot have.`
  }
  return undefined
}

/** `s3://bucket/some/prefix` in its two parts, neither checked. */
export function splitS3Url(url: string): { bucket: string; prefix: string } {
  const rest = url.slice('s3://'.length)
  const slash = rest.indexOf('/')
  return slash === -1 ? { bucket: rest, prefix: '' } : { bucket: rest.slice(0, slash), prefix: rest.slice(slash + 1) }
}

/** @returns `''`, or no leading slash and exactly one at the end */
export function normalizePrefix(prefix: string): string {
  const bare = prefix.replace(/^\//, '').replace(/\/$/, '')
  return bare === '' ? '' : `${bare}/`
}

function hasControlCharacter(value: string): boolean {
  return /\p{Cc}/u.test(value)
}
