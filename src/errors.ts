// Everything that can go wrong and be said to a user: one catalogue, each entry with a stable code, what happened, to what,
// and what to do. aws/ turns the services' errors into these, so that no step knows an SDK class.

import type { Key } from './model.ts'

/** How a command ends because of the error; cli/exit-codes.ts gives them numbers. */
export type ErrorClass = 'failed' | 'usage' | 'refused' | 'conflict' | 'unverified'

export class FreshfrontError extends Error {
  override readonly name = 'FreshfrontError'
  /** Stable, for programs: `BUCKET_NOT_FOUND`. */
  readonly code: string
  /** One sentence on what to do. */
  readonly fix: string
  readonly errorClass: ErrorClass

  constructor(code: string, message: string, options: { fix: string; errorClass?: ErrorClass; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.fix = options.fix
    this.errorClass = options.errorClass ?? 'failed'
  }
}

type Cause = { cause?: unknown }

// ── Source folder ───────────────────────────────────────────────────────────────────────────────────────────────────

export function sourceNotFound(dir: string, found: readonly string[]): FreshfrontError {
  return new FreshfrontError('SOURCE_NOT_FOUND', `There is no folder ${quote(dir)}.`, {
    fix:
      found.length > 0
        ? `Build the site first, or name the folder: ${found.map((name) => `freshfront deploy ${name}`).join(', ')}.`
        : 'Build the site first, or name the folder that your generator writes to.',
    errorClass: 'refused',
  })
}

export function sourceNotGiven(found: readonly string[]): FreshfrontError {
  return new FreshfrontError('SOURCE_NOT_GIVEN', 'No folder was named to deploy.', {
    fix:
      found.length > 0
        ? `Name it: ${found.map((name) => `freshfront deploy ${name}`).join(', ')}.`
        : 'Name the folder that your generator writes to (freshfront deploy public), or set "dir" in freshfront.json.',
    errorClass: 'usage',
  })
}

export function sourceEmpty(dir: string): FreshfrontError {
  return new FreshfrontError('SOURCE_EMPTY', `There is nothing to deploy in ${quote(dir)}.`, {
    fix: 'Check that the build wrote its files there, and that --exclude does not leave out everything.',
    errorClass: 'refused',
  })
}

export function sourceNotReadable(path: string, options: Cause): FreshfrontError {
  return new FreshfrontError('SOURCE_NOT_READABLE', `Cannot read ${quote(path)}: ${reasonOf(options.cause)}.`, {
    fix: 'Check the permissions of the file, or leave it out with --exclude.',
    ...options,
  })
}

export function duplicateKey(key: string, paths: readonly string[]): FreshfrontError {
  return new FreshfrontError(
    'DUPLICATE_KEY',
    `Two files would be stored under the same key ${quote(key)}: ${paths.map(quote).join(' and ')}.`,
    {
      fix: 'Names are stored in Unicode form NFC. Rename one of them, or leave it out with --exclude.',
      errorClass: 'refused',
    },
  )
}

export function keyTooLong(key: string, lengthBytes: number): FreshfrontError {
  return new FreshfrontError('KEY_TOO_LONG', `The key ${quote(key)} has ${lengthBytes} bytes; S3 takes 1,024.`, {
    fix: 'Shorten the file name or the prefix, or leave it out with --exclude.',
    errorClass: 'refused',
  })
}

export function fileNameNotUtf8(path: string): FreshfrontError {
  return new FreshfrontError('FILE_NAME_NOT_UTF8', `The name of ${quote(path)} is not valid UTF-8.`, {
    fix: 'Rename the file: S3 keys are UTF-8.',
    errorClass: 'refused',
  })
}

export function symlinkLeavesSource(path: string, target: string): FreshfrontError {
  return new FreshfrontError(
    'SYMLINK_LEAVES_SOURCE',
    `The symlink ${quote(path)} points out of the folder, to ${quote(target)}.`,
    {
      fix: 'Copy the file into the folder, leave it out with --exclude, or follow links on purpose with --follow-symlinks.',
      errorClass: 'refused',
    },
  )
}

export function symlinkLoop(path: string): FreshfrontError {
  return new FreshfrontError('SYMLINK_LOOP', `The symlink ${quote(path)} leads back to a folder that contains it.`, {
    fix: 'Remove the link or leave it out with --exclude.',
    errorClass: 'refused',
  })
}

export function fileChanged(filePath: string): FreshfrontError {
  return new FreshfrontError('FILE_CHANGED', `${quote(filePath)} changed while it was being deployed.`, {
    fix: 'Let the build finish, then deploy again.',
  })
}

export function sourceNotAFolder(path: string): FreshfrontError {
  return new FreshfrontError('SOURCE_NOT_A_FOLDER', `${quote(path)} is a file, not a folder.`, {
    fix: 'Name the folder that your generator writes to; a deploy always takes a whole folder.',
    errorClass: 'refused',
  })
}

export function symlinkDangling(path: string): FreshfrontError {
  return new FreshfrontError('SYMLINK_DANGLING', `The symlink ${quote(path)} points to nothing.`, {
    fix: 'Remove the link, build what it points to, or leave it out with --exclude.',
    errorClass: 'refused',
  })
}

/** A line of `_headers` or `_redirects`. @param what sentences */
export function siteRuleInvalid(file: string, line: number, what: string): FreshfrontError {
  return new FreshfrontError('SITE_RULE_INVALID', `${file}:${line}: ${what}`, {
    fix: `Correct or remove the line; with --exclude ${file} nothing of the file applies.`,
    errorClass: 'refused',
  })
}

export function functionTooLarge(rules: number, sizeBytes: number, maxBytes: number): FreshfrontError {
  return new FreshfrontError(
    'FUNCTION_TOO_LARGE',
    `${rules} redirects make a function of ${sizeBytes} bytes; CloudFront takes ${maxBytes}.`,
    {
      fix: 'Say many with one line (/old/* /new/:splat), or read the bucket through its website endpoint, where each can be an object.',
      errorClass: 'refused',
    },
  )
}

export function noSuchPolicy(pattern: string, known: readonly string[]): FreshfrontError {
  return new FreshfrontError('NO_SUCH_POLICY', `No header that S3 cannot send is set for ${quote(pattern)}.`, {
    fix: known.length === 0 ? 'No policy is needed.' : `The patterns are ${known.map(quote).join(', ')}.`,
    errorClass: 'usage',
  })
}

/** All that is wrong with a folder in one error, so that it can be put right in one go. */
export function sourceFaulty(faults: readonly [FreshfrontError, ...FreshfrontError[]]): FreshfrontError {
  const [first, ...others] = faults
  if (others.length === 0) return first
  const sameCode = others.every(({ code }) => code === first.code)
  return new FreshfrontError(
    sameCode ? first.code : 'SOURCE_FAULTY',
    `${faults.length} things in the folder cannot be deployed:\n${faults.map(({ message }) => `- ${message}`).join('\n')}`,
    {
      fix: [...new Set(faults.map(({ fix }) => fix))].join(' '),
      errorClass: faults.some(({ errorClass }) => errorClass === 'refused') ? 'refused' : 'failed',
      cause: faults,
    },
  )
}

// ── S3 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function bucketNotFound(bucket: string, where: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError('BUCKET_NOT_FOUND', `There is no bucket ${quote(bucket)} ${where}.`, {
    fix: 'Check the spelling of --bucket and the account of the credentials, or create the bucket first.',
    ...options,
  })
}

export function wrongRegion(
  bucket: string,
  asked: string,
  actual: string | undefined,
  options: Cause = {},
): FreshfrontError {
  return new FreshfrontError(
    'WRONG_REGION',
    `The bucket ${quote(bucket)} is not in ${asked}${actual === undefined ? '' : ` but in ${actual}`}.`,
    { fix: actual === undefined ? 'Set --region to the region of the bucket.' : `Use --region ${actual}.`, ...options },
  )
}

export function aclsNotSupported(bucket: string, acl: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError(
    'ACLS_NOT_SUPPORTED',
    `The bucket ${quote(bucket)} takes no ACLs, so nothing can be uploaded as ${quote(acl)}.`,
    {
      fix: 'Leave out --acl: buckets made since April 2023 have ACLs off, and CloudFront reads them through a bucket policy.',
      ...options,
    },
  )
}

export function stateNotReadable(key: string, why: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError(
    'STATE_NOT_READABLE',
    `Freshfront's own record ${quote(key)} in the bucket cannot be read: ${why}.`,
    {
      fix: 'Delete that object to start afresh: the next deploy then compares with the listing and purges everything once.',
      ...options,
    },
  )
}

export function stateTooNew(key: string, formatVersion: unknown): FreshfrontError {
  return new FreshfrontError(
    'STATE_TOO_NEW',
    `${quote(key)} in the bucket has format ${quote(String(formatVersion))}, written by a newer Freshfront than this one.`,
    { fix: 'Update freshfront: an older one could forget what the newer one knows.', errorClass: 'conflict' },
  )
}

/** A conditional write that somebody else was faster than. */
export function preconditionFailed(key: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError(
    'PRECONDITION_FAILED',
    `${quote(key)} in the bucket was written by somebody else meanwhile.`,
    {
      fix: 'Run the command again.',
      errorClass: 'conflict',
      ...options,
    },
  )
}

export function conditionsNotSupported(key: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError('CONDITIONS_NOT_SUPPORTED', `The store takes no conditional write of ${quote(key)}.`, {
    fix: 'Run one deploy at a time.',
    ...options,
  })
}

// ── Several deploys ─────────────────────────────────────────────────────────────────────────────────────────────────

/** @param holder `the deploy of …`, as describeLock says it */
export function locked(holder: string): FreshfrontError {
  return new FreshfrontError('LOCKED', `Another deploy is under way: ${holder}.`, {
    fix: 'Wait for it to end, or let this one wait with --lock-wait SECONDS.',
    errorClass: 'conflict',
  })
}

export function lockLost(why: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError('LOCK_LOST', `This deploy no longer holds the lock: ${why}.`, {
    fix: 'Run the command again when the other deploy has ended: what is owed to the caches is remembered.',
    errorClass: 'conflict',
    ...options,
  })
}

/** @param ours and theirs `1a2b3c4 of 2026-11-23T05:14:49Z` */
export function olderThanLive(ours: string, theirs: string, where: 'live' | 'being deployed'): FreshfrontError {
  return new FreshfrontError(
    'OLDER_THAN_LIVE',
    `This is commit ${ours}, and what is ${where} is newer: commit ${theirs}.`,
    {
      fix: 'Deploy a newer commit; to go back on purpose use --force, and to let such a run end quietly --newest-wins.',
      errorClass: 'conflict',
    },
  )
}

/** @param moved sentences that name what */
export function planOutdated(moved: readonly string[]): FreshfrontError {
  return new FreshfrontError('PLAN_OUTDATED', ['The world has moved since the plan was made.', ...moved].join(' '), {
    fix: 'Make a new plan, look at it, and deploy that.',
    errorClass: 'conflict',
  })
}

export function planNotReadable(file: string, why: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError('PLAN_NOT_READABLE', `${quote(file)} is no saved plan that can be used: ${why}.`, {
    fix: 'Make one with freshfront plan --out FILE, with this version of Freshfront.',
    errorClass: 'usage',
    ...options,
  })
}

export function planNotWritable(file: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError(
    'PLAN_NOT_WRITABLE',
    `The plan cannot be written to ${quote(file)}: ${reasonOf(options.cause)}.`,
    {
      fix: 'Name a file in a folder that exists and may be written to.',
      errorClass: 'usage',
      ...options,
    },
  )
}

// ── Shards ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** @param name of the flag or input, as it begins a sentence */
export function shardInvalid(text: string, name: string): FreshfrontError {
  return new FreshfrontError('SHARD_INVALID', `${name} ${quote(text)} is no share of a site.`, {
    fix: 'Write which one of how many, counted from 1, of at most 1,000: 3/16 is the third of sixteen.',
    errorClass: 'usage',
  })
}

export function releaseNameMissing(): FreshfrontError {
  return new FreshfrontError('RELEASE_NAME_MISSING', 'The shards of a release need one name, and none was given.', {
    fix: 'Give --release-name NAME, the same to every shard and to --finish; in CI it is the number of the run, else the commit.',
    errorClass: 'usage',
  })
}

export function releaseNameInvalid(name: string): FreshfrontError {
  return new FreshfrontError('RELEASE_NAME_INVALID', `A sharded release cannot be called ${quote(name)}.`, {
    fix: 'Use 1 to 100 letters, digits, dots, hyphens and underscores, the first of them a letter or a digit.',
    errorClass: 'usage',
  })
}

/** @param counts of the shards before, and of this one */
export function shardCountDiffers(
  name: string,
  counts: { readonly there: number; readonly here: number },
): FreshfrontError {
  return new FreshfrontError(
    'SHARD_COUNT_DIFFERS',
    `Release ${quote(name)} has been begun in ${counts.there} shards, and this is one of ${counts.here}.`,
    {
      fix: `Run it as one of ${counts.there}, or begin anew with another --release-name.`,
      errorClass: 'conflict',
    },
  )
}

export function shardedReleaseOver(name: string, how: 'finished' | 'overtaken'): FreshfrontError {
  const why = how === 'finished' ? 'is finished, and something newer is live' : 'was overtaken by another deploy'
  return new FreshfrontError(
    'SHARDED_RELEASE_OVER',
    `The sharded release ${quote(name)} ${why}; nothing was written.`,
    {
      fix: 'Deploy what is newest. To put this one live after all, run all of its shards with another --release-name.',
      errorClass: 'conflict',
    },
  )
}

export function noShards(name: string, other: string | undefined): FreshfrontError {
  const instead = other === undefined ? '' : ` Under way is ${quote(other)}.`
  return new FreshfrontError('NO_SHARDS', `No shard of release ${quote(name)} has recorded anything here.${instead}`, {
    fix: 'Run freshfront deploy --shard 1/N to N/N first, with the same --release-name, bucket and prefix.',
    errorClass: 'conflict',
  })
}

/** @param missing `3/16`: not run; @param incomplete begun, and not ended */
export function shardsMissing(
  name: string,
  missing: readonly string[],
  incomplete: readonly string[],
): FreshfrontError {
  const clauses = [
    ...(missing.length > 0 ? [`there is no record of shard ${missing.join(', ')}`] : []),
    ...(incomplete.length > 0 ? [`shard ${incomplete.join(', ')} was begun and has not ended`] : []),
  ]
  return new FreshfrontError(
    'SHARDS_MISSING',
    `Release ${quote(name)} cannot be finished: ${clauses.join(', and ')}.`,
    {
      fix: `Run ${[...missing, ...incomplete].map((shard) => `--shard ${shard}`).join(', ')}, then --finish again.`,
      errorClass: 'conflict',
    },
  )
}

/** @param groups what is not the same, and by shard how it is: `1/3, 2/3 | 3/3`; the first is empty where none is known to be right */
export function shardsDiffer(name: string, what: string, groups: readonly (readonly string[])[]): FreshfrontError {
  const [most = [], ...others] = groups
  const named = groups.filter((group) => group.length > 0).map((group) => group.join(', '))
  return new FreshfrontError(
    'SHARDS_DIFFER',
    `The shards of release ${quote(name)} were made from different ${what}: ${named.join(' | ')}.`,
    {
      fix:
        others.length === 0
          ? `Give --finish the settings that the shards had, or run shard ${most.join(', ')} again with these.`
          : `Build the site once, and run shard ${others.flat().join(', ')} again from that, with the same settings as the others.`,
      errorClass: 'conflict',
    },
  )
}

/** @param keys by shard, `3/16`, that are not in the bucket as it has recorded them */
export function shardsNotAsRecorded(name: string, keys: ReadonlyMap<string, readonly Key[]>): FreshfrontError {
  const named = [...keys].map(([shard, its]) => {
    const more = its.length > 3 ? ` and ${its.length - 3} more` : ''
    return `${its.slice(0, 3).map(quote).join(', ')}${more} of shard ${shard}`
  })
  return new FreshfrontError(
    'SHARDS_NOT_AS_RECORDED',
    `Not in the bucket as the shards of release ${quote(name)} have recorded it: ${named.join('; ')}.`,
    {
      fix: `Somebody else has written there. Run ${[...keys.keys()].map((shard) => `--shard ${shard}`).join(', ')} again, then --finish.`,
      errorClass: 'conflict',
    },
  )
}

// ── CloudFront ──────────────────────────────────────────────────────────────────────────────────────────────────────

export function distributionNotFound(distributionId: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError(
    'DISTRIBUTION_NOT_FOUND',
    `There is no CloudFront distribution ${quote(distributionId)} in this account.`,
    {
      fix: 'Check --distribution (an id such as E2QWRUHAPOMQZL) and the account of the credentials.',
      ...options,
    },
  )
}

const INVALIDATE_LATER = 'Run the command again in a few minutes; what is owed is remembered.'

/** Too many requests or items a second; waiting helps. */
export function invalidationsThrottled(distributionId: string, code: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError(
    'INVALIDATIONS_THROTTLED',
    `CloudFront takes no more invalidations for ${distributionId} just now (${code}).`,
    { fix: INVALIDATE_LATER, ...options },
  )
}

/** Room is made by those that complete. */
export function tooManyInvalidationsInProgress(distributionId: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError(
    'INVALIDATIONS_IN_PROGRESS',
    `CloudFront takes no more invalidations for ${distributionId} while so many are in progress.`,
    { fix: INVALIDATE_LATER, ...options },
  )
}

/** Waiting did not help. @param reason the last refusal */
export function invalidationsNotTaken(
  distributionId: string,
  refusedMs: number,
  reason: FreshfrontError,
): FreshfrontError {
  return new FreshfrontError(
    'INVALIDATIONS_THROTTLED',
    `CloudFront has refused an invalidation of ${distributionId} for ${Math.round(refusedMs / 60_000)} minutes: ${reason.message}`,
    { fix: INVALIDATE_LATER, cause: reason },
  )
}

/** The batch as a whole; fewer items may be taken. */
export function invalidationTooLarge(distributionId: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError(
    'INVALIDATION_TOO_LARGE',
    `CloudFront says that there is too much in one invalidation of ${distributionId} (BatchTooLarge).`,
    { fix: 'Run the command again; if it happens again, please report it with this message.', ...options },
  )
}

/** The batch as a whole, for one item in it or more; which one it does not say. */
export function invalidationItemsRefused(distributionId: string, reason: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError(
    'INVALIDATION_ITEMS_REFUSED',
    `CloudFront refuses an item of an invalidation of ${distributionId}: ${reason}`,
    { fix: 'Run the command again; if it happens again, please report it with this message.', ...options },
  )
}

/** What is left of a refused batch when halving ends. @param items one; or several, of which one at least is refused */
export function invalidationItemsLeft(
  distributionId: string,
  items: readonly string[],
  reason: FreshfrontError,
): FreshfrontError {
  const [first = ''] = items
  const which = items.length === 1 ? quote(first) : `${items.length} items (${quote(first)} …), or one of them`
  return reason.code === 'INVALIDATION_TOO_LARGE'
    ? new FreshfrontError(
        reason.code,
        `CloudFront takes ${which} in no invalidation of ${distributionId}, however small (BatchTooLarge).`,
        { fix: reason.fix, cause: reason },
      )
    : new FreshfrontError(
        reason.code,
        `CloudFront refuses ${which} in an invalidation of ${distributionId}; the others were sent. ${reason.message}`,
        {
          fix: 'Give the file a plainer name, or purge a prefix of it by hand. Please report the name with this message.',
          cause: reason,
        },
      )
}

// ── Connections, credentials, permissions ───────────────────────────────────────────────────────────────────────────

export function credentialsMissing(options: Cause = {}): FreshfrontError {
  return new FreshfrontError('CREDENTIALS_MISSING', 'No AWS credentials were found.', {
    fix: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, use --profile NAME, or sign in with aws sso login; to try without an account use --local.',
    ...options,
  })
}

export function credentialsRefused(service: string, why: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError('CREDENTIALS_REFUSED', `${service} refused the credentials: ${why}.`, {
    fix: 'Check that the access key and its secret belong together, are for this account, and have not expired.',
    ...options,
  })
}

export function profileNotFound(why: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError('PROFILE_NOT_FOUND', `The AWS profile cannot be used: ${why}.`, {
    fix: 'List the profiles with aws configure list-profiles, and name one with --profile.',
    errorClass: 'usage',
    ...options,
  })
}

export function accessDenied(action: string, resource: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError('ACCESS_DENIED', `These credentials may not do ${action} on ${resource}.`, {
    fix: `Allow ${action} on ${resource} in the policy of the role or user.`,
    ...options,
  })
}

export function caBundleNotReadable(path: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError('CA_BUNDLE_NOT_READABLE', `AWS_CA_BUNDLE names ${quote(path)}, which cannot be read.`, {
    fix: 'Name a file with certificates in PEM form, or unset AWS_CA_BUNDLE.',
    errorClass: 'usage',
    ...options,
  })
}

export function endpointUnreachable(endpoint: string, why: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError('ENDPOINT_UNREACHABLE', `Cannot reach ${endpoint}: ${why}.`, {
    fix: 'Check the network, --region and --endpoint-url (or AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_CLOUDFRONT).',
    ...options,
  })
}

/** @param why of the network, or how the answer broke off */
export function edgeNotAnswering(where: string, why: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError('EDGE_NOT_ANSWERING', `${where} gives no answer: ${why}.`, {
    fix: 'Check the address of the site and whether it can be reached from here; --resolve names another edge location.',
    errorClass: 'unverified',
    ...options,
  })
}

export function verifyUrlUnclaimed(url: string, hosts: readonly string[]): FreshfrontError {
  return new FreshfrontError('VERIFY_URL_UNCLAIMED', `No distribution of the site answers to ${quote(url)}.`, {
    fix: `Name one of their hosts: ${hosts.join(', ')}.`,
    errorClass: 'usage',
  })
}

export function nothingDeployed(bucket: string, prefix: string): FreshfrontError {
  return new FreshfrontError(
    'NOTHING_DEPLOYED',
    `Freshfront has not deployed anything to s3://${bucket}/${prefix} yet.`,
    {
      fix: 'Deploy first: what should be live is what the last deploy has recorded.',
    },
  )
}

export function endpointInvalid(name: string, url: string): FreshfrontError {
  return new FreshfrontError('ENDPOINT_INVALID', `${name} is ${quote(url)}, which is no address of a server.`, {
    fix: `Set ${name} to a URL such as http://127.0.0.1:9000, or unset it.`,
    errorClass: 'usage',
  })
}

export function regionMissing(options: Cause = {}): FreshfrontError {
  return new FreshfrontError('REGION_MISSING', 'The AWS region of the bucket is not known.', {
    fix: 'Use --region, set AWS_REGION, or give the profile a region.',
    errorClass: 'usage',
    ...options,
  })
}

/** Anything the service said that has no entry of its own. */
export function serviceFailed(
  service: string,
  operation: string,
  code: string,
  message: string,
  options: Cause = {},
): FreshfrontError {
  return new FreshfrontError('SERVICE_FAILED', `${service} ${operation} failed with ${code}: ${message}`, {
    fix: 'Run the command again; what was not finished is remembered and done by the next run.',
    ...options,
  })
}

// ── Usage and configuration ─────────────────────────────────────────────────────────────────────────────────────────

export function unknownCommand(input: string, fix: string): FreshfrontError {
  return new FreshfrontError('UNKNOWN_COMMAND', `There is no command ${quote(input)}.`, { fix, errorClass: 'usage' })
}

export function unknownFlag(flag: string, fix: string): FreshfrontError {
  return new FreshfrontError('UNKNOWN_FLAG', `There is no flag ${quote(flag)}.`, { fix, errorClass: 'usage' })
}

/** The command line breaks the rules of the command: a flag without its value, one argument too many. */
export function argumentsInvalid(message: string, fix: string): FreshfrontError {
  return new FreshfrontError('ARGUMENTS_INVALID', message, { fix, errorClass: 'usage' })
}

/** @param problems one sentence each, beginning with where the value came from */
export function configInvalid(problems: readonly string[], fixes: readonly string[]): FreshfrontError {
  const message =
    problems.length === 1
      ? problems.join('')
      : `${problems.length} settings are not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`
  return new FreshfrontError('CONFIG_INVALID', message, { fix: fixes.join(' '), errorClass: 'usage' })
}

export function configNotFound(file: string): FreshfrontError {
  return new FreshfrontError('CONFIG_NOT_FOUND', `There is no configuration file ${quote(file)}.`, {
    fix: 'Check --config (or FRESHFRONT_CONFIG); without it, freshfront.json of the current folder is read if there is one.',
    errorClass: 'usage',
  })
}

export function configNotReadable(file: string, options: Cause): FreshfrontError {
  return new FreshfrontError('CONFIG_NOT_READABLE', `Cannot read ${quote(file)}: ${reasonOf(options.cause)}.`, {
    fix: 'Check the permissions of the file, and that it is a file.',
    errorClass: 'usage',
    ...options,
  })
}

/** @param where `freshfront.json:3:14`, line and column counted from 1 */
export function configNotJson(where: string, why: string, fix: string): FreshfrontError {
  return new FreshfrontError('CONFIG_NOT_JSON', `${where}: ${why}.`, { fix, errorClass: 'usage' })
}

export function bucketNotGiven(): FreshfrontError {
  return new FreshfrontError('BUCKET_NOT_GIVEN', 'No bucket was named.', {
    fix: 'Use --bucket NAME, set FRESHFRONT_BUCKET, or put "bucket" in freshfront.json; to try without an account use --local.',
    errorClass: 'usage',
  })
}

export function portTaken(port: number, options: Cause): FreshfrontError {
  return new FreshfrontError('PORT_TAKEN', `A program listens at port ${port} or one of the two after it already.`, {
    fix: 'Choose another with --port, or leave it out to get a free one.',
    errorClass: 'usage',
    ...options,
  })
}

export function embeddedCloudRunning(pid: number, url: string): FreshfrontError {
  return new FreshfrontError(
    'EMBEDDED_CLOUD_RUNNING',
    `The embedded cloud of this folder runs already, as process ${pid}.`,
    {
      fix: `Deploy to it with freshfront deploy --local and look at ${url}, or end it with Ctrl-C where it runs.`,
      errorClass: 'conflict',
    },
  )
}

export function embeddedCloudBusy(folder: string, options: Cause): FreshfrontError {
  return new FreshfrontError(
    'EMBEDDED_CLOUD_BUSY',
    `The embedded cloud in ${quote(folder)} did not start: ${reasonOf(options.cause)}`,
    {
      fix: `Wait for the other process to end; if there is none, delete ${quote(folder)}, which holds nothing but local copies.`,
      errorClass: 'conflict',
      ...options,
    },
  )
}

/** @param signal `SIGINT` or `SIGTERM` */
export function interrupted(signal: string): FreshfrontError {
  return new FreshfrontError('INTERRUPTED', `Stopped by ${signal} before everything was done.`, {
    fix: 'Run the same command again: it goes on from here, and what is owed to the caches is remembered.',
  })
}

// ── freshfront invalidate ───────────────────────────────────────────────────────────────────────────────────────────

export function nothingAskedFor(): FreshfrontError {
  return new FreshfrontError('NOTHING_ASKED_FOR', 'Nothing was named to invalidate.', {
    fix: "Name paths (freshfront invalidate /blog/ '/assets/*' --distribution E2QWRUHAPOMQZL), or use --paths-from FILE or --from-git RANGE.",
    errorClass: 'usage',
  })
}

export function distributionNotGiven(): FreshfrontError {
  return new FreshfrontError('DISTRIBUTION_NOT_GIVEN', 'Neither a distribution nor a bucket was named.', {
    fix: 'Use --distribution ID, or --bucket NAME to find those that serve it; to try without an account use --local.',
    errorClass: 'usage',
  })
}

/** @param bucket undefined: they were named one by one */
export function noDistributionAnswers(bucket: string | undefined): FreshfrontError {
  return new FreshfrontError(
    'NO_DISTRIBUTION_ANSWERS',
    bucket === undefined
      ? 'Every distribution that was named is disabled, so that nothing of it is cached.'
      : `No enabled distribution of this account serves the bucket ${quote(bucket)}.`,
    {
      fix: 'Name the distribution with --distribution ID, and check the account of the credentials.',
      errorClass: 'usage',
    },
  )
}

/** @param problems a sentence for each path */
export function pathsNotValid(problems: readonly string[]): FreshfrontError {
  const message =
    problems.length === 1
      ? problems.join('')
      : `${problems.length} paths cannot be sent:\n${problems.map((problem) => `  ${problem}`).join('\n')}`
  return new FreshfrontError('PATHS_NOT_VALID', message, {
    fix: 'Correct the paths; nothing was sent.',
    errorClass: 'usage',
  })
}

export function pathsCostMoney({
  paths,
  freeLeft,
  priceUsd,
}: {
  readonly paths: number
  readonly freeLeft: number
  readonly priceUsd: number
}): FreshfrontError {
  return new FreshfrontError(
    'OVER_FREE_PATHS',
    `This would invalidate ${paths === 1 ? '1 path' : `${paths} paths`}, and as far as is known here ${freeLeft} of this month's free ones are left: the rest costs $${priceUsd}.`,
    {
      fix: `Allow it with --max-paths ${paths}, or have them folded into fewer with a smaller number.`,
      errorClass: 'refused',
    },
  )
}

/** @param why `it has no S3 origin` */
export function bucketNotTold(distributionId: string, why: string): FreshfrontError {
  return new FreshfrontError(
    'BUCKET_NOT_TOLD',
    `Which URLs of ${distributionId} the files are served under is not known: ${why}.`,
    { fix: 'Name the bucket that the files are put into with --bucket.', errorClass: 'usage' },
  )
}

export function filesNotListed(range: string, why: string, fix: string): FreshfrontError {
  return new FreshfrontError('FILES_NOT_LISTED', `git does not tell what changed in ${quote(range)}: ${why}`, {
    fix,
    errorClass: 'usage',
  })
}

// ── Set-up ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** @param where `deploy.yml:3:14`, or the file alone */
export function workflowNotReadable(where: string, why: string, options: Cause = {}): FreshfrontError {
  return new FreshfrontError('WORKFLOW_NOT_READABLE', `${where} cannot be read as a workflow: ${why}.`, {
    fix: 'Name a workflow of GitHub Actions, such as .github/workflows/deploy.yml.',
    errorClass: 'usage',
    ...options,
  })
}

export function workflowDeploysNothing(file: string): FreshfrontError {
  return new FreshfrontError(
    'WORKFLOW_DEPLOYS_NOTHING',
    `No step of ${quote(file)} deploys to S3 in a way that is known.`,
    {
      fix: 'Known are s3-sync-action, s3-deploy, aws s3 sync and create-invalidation; without --from-workflow a new workflow is written.',
      errorClass: 'usage',
    },
  )
}

/** @param files that would be overwritten with something else */
export function filesDiffer(files: readonly string[]): FreshfrontError {
  const names = files.map(quote).join(' and ')
  return new FreshfrontError('FILES_DIFFER', `${names} would be changed; nothing was written.`, {
    fix: 'Look at what would change above, and write it with --force.',
    errorClass: 'refused',
  })
}

export function fileNotWritable(file: string, options: Cause): FreshfrontError {
  return new FreshfrontError('FILE_NOT_WRITABLE', `Cannot write ${quote(file)}: ${reasonOf(options.cause)}.`, {
    fix: 'Check the permissions of the file and its folder.',
    ...options,
  })
}

// ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A name as it may be shown on a terminal: quoted, with control characters and escapes spelled out. */
export function quote(name: string): string {
  return spellOutControls(JSON.stringify(name))
}

/** Of a JSON text, the same text: C1 controls, line separators and bidirectional overrides pass JSON.stringify, and terminals obey them. */
export function spellOutControls(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
