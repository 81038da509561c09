// Layers of settings → one Config, and where each value came from. Pure.

import type { Config, ConfigSources, FilterRule, InvalidationBudget, ObjectStorage } from '../model.ts'
import { normalizePrefix, parseKeepAssets, parsePinnedHost, splitS3Url } from './expected.ts'
import type { Layer } from './layers.ts'
import type { RunSettings } from './schema.ts'
import { withoutUndefined } from './without-undefined.ts'

/** Uploads under way at once when nobody says otherwise: enough to fill a home line, few enough for any store. */
const DEFAULT_CONCURRENCY = 64

/** A Config of which the two values that have no default may be missing. */
export type Merged = Omit<Config, 'dir' | 'bucket' | 'cacheFolder'> & {
  readonly dir?: string
  readonly bucket?: string
  /** undefined: nobody has said. */
  readonly statCache?: boolean
}

/**
 * Merges layer by layer. What only adds up: include and exclude rules, the strongest layer last, and the patterns of keep and
 * allowSecrets, since a rule that protects something must not go with another one.
 *
 * @param layers the strongest first
 */
export function mergeLayers(
  layers: readonly Layer[],
  defaultBucket: string | undefined,
): { values: Merged; sources: ConfigSources } {
  const sources: Record<string, string> = {}
  function pick<Name extends keyof RunSettings, Default>(name: Name, otherwise: Default, configName: string = name) {
    const layer = layers.find((candidate) => candidate.settings[name] !== undefined)
    if (layer !== undefined) sources[configName] = layer.sourceOf(name)
    else if (otherwise !== undefined) sources[configName] = 'default'
    return layer?.settings[name] ?? otherwise
  }
  const distribution = pick('distribution', [], 'distributions')
  const verifyUrl = pick('verifyUrl', undefined, 'verifyUrls')
  function gather(name: 'keep' | 'allowSecrets'): readonly string[] | undefined {
    const saying = layers.filter((layer) => layer.settings[name] !== undefined)
    if (saying.length === 0) return undefined
    sources[name] = saying.map((layer) => layer.sourceOf(name)).join(', ')
    return [...new Set(saying.flatMap((layer) => layer.settings[name] ?? []))]
  }
  const filterLayers = layers.filter((layer) => layer.settings.filters !== undefined).toReversed()
  sources['filters'] = filterLayers.map((layer) => layer.sourceOf('filters')).join(', ') || 'default'
  const values = {
    dir: pick('dir', undefined),
    ...pickPlace(layers, defaultBucket, sources),
    distributions: [...new Set(typeof distribution === 'string' ? [distribution] : distribution)],
    region: pick('region', undefined),
    profile: pick('profile', undefined),
    endpointUrl: pick('endpointUrl', undefined),
    filters: filterLayers.flatMap((layer) => (layer.settings.filters ?? []).map(toFilterRule)),
    delete: pick('delete', false),
    keep: gather('keep'),
    allowSecrets: gather('allowSecrets'),
    followSymlinks: pick('followSymlinks', false),
    precompressed: pick('precompressed', undefined),
    statCache: pick('statCache', undefined, 'cacheFolder'),
    acl: pick('acl', undefined),
    cacheControl: pick('cacheControl', undefined),
    headers: pick('headers', undefined)?.map((rule) => ({ pattern: rule.for, set: rule.set, detach: [] })),
    storage: toStorage({
      sse: pick('sse', undefined, 'storage'),
      sseKmsKeyId: pick('sseKmsKeyId', undefined, 'storage'),
      storageClass: pick('storageClass', undefined, 'storage'),
      tags: pick('objectTags', undefined, 'storage'),
    }),
    force: pick('force', false),
    wait: pick('wait', true),
    yes: pick('yes', false),
    maxDelete: pick('maxDelete', undefined),
    keepAssets: parseKeepAssets(pick('keepAssets', '3,7d')),
    ignore: pick('ignore', undefined),
    invalidation: toBudget({
      ...pick('invalidation', undefined),
      ...withoutUndefined({
        maxPaths: pick('maxPaths', undefined),
        maxCost: pick('maxCost', undefined),
        countAccount: pick('countAccount', undefined),
      }),
    }),
    lockWaitSeconds: pick('lockWait', undefined, 'lockWaitSeconds'),
    newestWins: pick('newestWins', undefined),
    trustState: pick('trustState', undefined),
    release: pick('release', undefined),
    concurrency: pick('concurrency', DEFAULT_CONCURRENCY),
    urls: pick('urls', []),
    verifyUrls: verifyUrl === undefined ? undefined : [verifyUrl].flat().map((url) => new URL(url).origin),
    resolve: pick('resolve', undefined)?.flatMap((pin) => parsePinnedHost(pin) ?? []),
  }
  return { values: withoutUndefined(values), sources }
}

/** What the layers say together, in the form that each of them has. */
export function mergeSettings(layers: readonly Layer[]): RunSettings {
  const weakestFirst = layers.toReversed().map(({ settings }) => settings)
  const filters = weakestFirst.flatMap((settings) => settings.filters ?? [])
  const { $schema: _, ...merged } = Object.assign({}, ...weakestFirst) as RunSettings
  return withoutUndefined({ ...merged, ...(filters.length > 0 && { filters }) })
}

/** `s3://bucket` names the whole place, prefix included; a bare bucket name leaves the prefix to whoever else names one. */
function pickPlace(
  layers: readonly Layer[],
  defaultBucket: string | undefined,
  sources: Record<string, string>,
): { bucket: string | undefined; prefix: string } {
  const bucketLayer = layers.find((layer) => layer.settings.bucket !== undefined)
  const bucket = bucketLayer?.settings.bucket
  if (bucketLayer !== undefined) sources['bucket'] = bucketLayer.sourceOf('bucket')
  else if (defaultBucket !== undefined) sources['bucket'] = 'default'
  const url = bucket?.startsWith('s3://') ? splitS3Url(bucket) : undefined

  const prefixLayer = layers.find(
    (layer) => layer.settings.prefix !== undefined || (url !== undefined && layer === bucketLayer),
  )
  const prefix = prefixLayer?.settings.prefix ?? (prefixLayer === bucketLayer ? url?.prefix : undefined)
  sources['prefix'] =
    prefixLayer === undefined
      ? 'default'
      : prefixLayer.sourceOf(prefixLayer.settings.prefix === undefined ? 'bucket' : 'prefix')
  return { bucket: url?.bucket ?? bucket ?? defaultBucket, prefix: normalizePrefix(prefix ?? '') }
}

/** @returns undefined when nothing was said */
function toStorage(storage: {
  readonly sse: string | undefined
  readonly sseKmsKeyId: string | undefined
  readonly storageClass: string | undefined
  readonly tags: Readonly<Record<string, string>> | undefined
}): ObjectStorage | undefined {
  const said = withoutUndefined(storage)
  return Object.keys(said).length === 0 ? undefined : said
}

/** @returns undefined when nothing was said */
function toBudget({
  maxPaths,
  maxCost: maxCostUsd,
  countAccount: countsAccount,
  pathsPerMonth,
}: NonNullable<RunSettings['invalidation']>): InvalidationBudget | undefined {
  const budget = withoutUndefined({ maxPaths, maxCostUsd, countsAccount, pathsPerMonth })
  return Object.keys(budget).length === 0 ? undefined : budget
}

function toFilterRule(rule: {
  readonly include?: string | undefined
  readonly exclude?: string | undefined
}): FilterRule {
  return rule.include === undefined
    ? { kind: 'exclude', pattern: rule.exclude ?? '' }
    : { kind: 'include', pattern: rule.include }
}
