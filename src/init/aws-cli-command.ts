// `aws s3 sync …` and `aws cloudfront create-invalidation …` → what Freshfront has to be told to do the same. Pure.

import { quote } from '../errors.ts'
import { obstacle, type Obstacle, type OldDeployPart, type OldUpload } from './old-deploy.ts'
import type { ShellCommand, ShellWord } from './shell-script.ts'

/** Flags of `aws s3 sync` with a value, that Freshfront has under the same name. */
const sharedValueFlags: readonly string[] = ['acl', 'exclude', 'include', 'cache-control', 'endpoint-url', 'profile']
/** Flags of the AWS CLI that are about its own output and patience, or about comparing: nothing is missed without them. */
const needlessValueFlags: readonly string[] = [
  'output',
  'query',
  'page-size',
  'color',
  'cli-read-timeout',
  'cli-connect-timeout',
]
const needlessFlags: readonly string[] = [
  'quiet',
  'only-show-errors',
  'no-progress',
  'progress',
  'no-cli-pager',
  'no-paginate',
  'debug',
  'recursive',
  'no-follow-symlinks',
]
const comparingFlags: readonly string[] = ['size-only', 'exact-timestamps']

/**
 * @returns undefined when the command has nothing to do with a deploy; `'wait'` for waiting on an invalidation, which a deploy does by itself
 */
export function readAwsCommand(command: ShellCommand): OldDeployPart | 'wait' | undefined {
  const words = withoutAssignments(command.words)
  const text = words.map(({ raw }) => raw).join(' ')
  const touchesSite =
    /\baws\b[^]*\bs3\s+(?:sync|cp|mv|rm)\b|\baws\b[^]*\bs3api\s+(?:put|copy|delete)-object|\bcreate-invalidation\b/u
  if (words[0]?.value !== 'aws' || !command.plain) {
    return touchesSite.test(text)
      ? obstacle(`The command ${quote(shorten(text))} is more than a plain call of the AWS CLI.`)
      : undefined
  }
  const { positional, flags, unclear } = readFlags(words.slice(1))
  const [service, verb, ...targets] = positional
  switch (`${service?.value} ${verb?.value}`) {
    case 'cloudfront wait':
      return 'wait'
    case 'cloudfront create-invalidation':
      return readInvalidation(flags)
    case 's3 sync':
      return unclear ?? readUpload(targets, flags)
    case 's3 cp':
      // One file alone is part of some arrangement that Freshfront does not see.
      return flags.some(({ name }) => name === 'recursive') ? (unclear ?? readUpload(targets, flags)) : foreign(text)
    default:
      return touchesSite.test(text) ? foreign(text) : undefined
  }
}

function foreign(text: string): Obstacle {
  return obstacle(`${quote(shorten(text))} changes the bucket in a way of its own.`)
}

/** `AWS_PROFILE=x aws …`: the assignments are part of the environment of the command. */
function withoutAssignments(words: readonly ShellWord[]): readonly ShellWord[] {
  const first = words.findIndex(({ raw }) => !/^[A-Za-z_]\w*=/u.test(raw))
  return first === -1 ? words : words.slice(first)
}

interface Flag {
  readonly name: string
  readonly raw: string
  readonly values: readonly ShellWord[]
}

/** Flags may stand anywhere; how many words belong to one is known for those that are known. */
function readFlags(words: readonly ShellWord[]): {
  positional: readonly ShellWord[]
  flags: readonly Flag[]
  unclear?: Obstacle
} {
  const positional: ShellWord[] = []
  const flags: Flag[] = []
  let unclear: Obstacle | undefined
  for (let position = 0; position < words.length; position++) {
    const word = words[position]
    if (word === undefined) break
    const [, name, value] = /^--([a-z0-9][a-z0-9-]*)(?:=([^]*))?$/u.exec(word.value) ?? []
    if (name === undefined) {
      positional.push(word)
      continue
    }
    const values: ShellWord[] = value === undefined ? [] : [{ ...word, value, raw: word.raw.replace(/^[^=]*=/u, '') }]
    const count = value === undefined ? valueCount(name) : 0
    while (values.length < count && (words[position + 1]?.value.startsWith('--') === false || count === 1)) {
      const next = words[++position]
      if (next === undefined) break
      values.push(next)
    }
    flags.push({ name, raw: word.raw, values })
    if (isUnknownToUpload(name)) unclear ??= obstacle(`Freshfront has no --${name}.`)
  }
  return { positional, flags, ...(unclear !== undefined && { unclear }) }
}

function valueCount(name: string): number {
  if (name === 'paths' || name === 'invalidation-batch') return Infinity
  if (['region', 'distribution-id', 'id', 'caller-reference'].includes(name)) return 1
  return sharedValueFlags.includes(name) || needlessValueFlags.includes(name) ? 1 : 0
}

function isUnknownToUpload(name: string): boolean {
  return !(
    sharedValueFlags.includes(name) ||
    needlessValueFlags.includes(name) ||
    needlessFlags.includes(name) ||
    comparingFlags.includes(name) ||
    ['region', 'delete', 'dryrun', 'follow-symlinks'].includes(name)
  )
}

function readInvalidation(flags: readonly Flag[]): OldDeployPart {
  const distribution = valueOf(flags, 'distribution-id')
  const profile = valueOf(flags, 'profile')
  if (distribution === undefined) return obstacle('create-invalidation has no --distribution-id.')
  const unknown = distribution.unknown ?? profile?.unknown
  if (unknown !== undefined) return unknownValue(unknown)
  return {
    kind: 'invalidation',
    distribution: distribution.value,
    ...(profile !== undefined && { profile: profile.value }),
    notes: [],
  }
}

function readUpload(targets: readonly ShellWord[], flags: readonly Flag[]): OldDeployPart {
  const [source, target, ...more] = targets
  if (source === undefined || target === undefined || more.length > 0) {
    return obstacle('aws s3 sync does not have exactly a folder and a target.')
  }
  const unknown = [source, target, ...flags.flatMap(({ values }) => values)].find((word) => word.unknown !== undefined)
  if (unknown?.unknown !== undefined) return unknownValue(unknown.unknown)
  if (source.value.startsWith('s3://')) return obstacle(`${quote(source.value)} is a bucket, not a folder.`)
  const place = readTarget(target.value)
  if (place === undefined) return obstacle(`${quote(target.value)} does not say which bucket it is.`)
  return { ...readUploadFlags(flags), ...place, source: source.value }
}

/** @returns the bucket and the prefix of `s3://bucket/prefix`; an expression alone may be either */
function readTarget(target: string): { bucket: string; prefix?: string } | undefined {
  if (/^\$\{\{[^]*\}\}$/u.test(target) && !target.slice(3).includes('${{')) return { bucket: target }
  const [, bucket, prefix = ''] = /^s3:\/\/((?:\$\{\{[^]*?\}\}|[^/$])+)(?:\/([^]*))?$/u.exec(target) ?? []
  if (bucket === undefined) return undefined
  const bare = prefix.replace(/^\/+|\/+$/gu, '')
  return { bucket, ...(bare !== '' && { prefix: bare }) }
}

function readUploadFlags(flags: readonly Flag[]): OldUpload {
  const args: string[] = []
  const notes: string[] = []
  for (const { name, raw, values } of flags) {
    if (comparingFlags.includes(name)) notes.push(`--${name} is left out: files are compared by content.`)
    if (name === 'follow-symlinks') args.push(raw)
    if (sharedValueFlags.includes(name)) args.push(raw.includes('=') ? raw : [raw, ...values.map(requote)].join(' '))
  }
  const region = valueOf(flags, 'region')?.value
  const profile = valueOf(flags, 'profile')?.value
  return {
    kind: 'upload',
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(flags.some(({ name }) => name === 'delete') && { delete: 'true' }),
    ...(flags.some(({ name }) => name === 'dryrun') && { dryRun: 'true' }),
    args,
    notes,
  }
}

/** A value as it was written, unless a variable of the script is in it, which the Action would not know. */
function requote({ raw, value }: ShellWord): string {
  if (!/\$(?!\{\{)/u.test(raw) || /^'[^']*'$/u.test(raw)) return raw
  return `'${value.replaceAll("'", `'\\''`)}'`
}

/** The flags of `jakejarvis/s3-sync-action`, which are those of `aws s3 sync`. */
export function readSyncArguments(words: readonly ShellWord[]): OldDeployPart {
  const { positional, flags, unclear } = readFlags(words)
  const unknown = words.find((word) => word.unknown !== undefined)?.unknown
  if (unknown !== undefined) return unknownValue(unknown)
  const [first] = positional
  if (first !== undefined && !first.value.startsWith('${{')) {
    return obstacle(`${quote(first.value)} among the args is no flag.`)
  }
  if (unclear !== undefined) return unclear
  const upload = readUploadFlags(flags)
  return { ...upload, args: [...upload.args, ...positional.map(({ raw }) => raw)] }
}

function valueOf(flags: readonly Flag[], wanted: string): ShellWord | undefined {
  return flags.findLast(({ name }) => name === wanted)?.values[0]
}

function unknownValue(what: string): Obstacle {
  return obstacle(`What ${what} stands for is not known outside of the script.`)
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
