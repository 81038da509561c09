// The environment of jakejarvis/s3-sync-action → flags, so that a workflow that changes nothing but `uses:` goes on working. Pure.
// AWS_REGION is the AWS SDK's own, and read there.

import type { Environment } from '../config/environment.ts'
import type { ConfigFlags } from '../config/layers.ts'
import type { FilterRule } from '../model.ts'

export interface OldEnvironment {
  readonly flags: Pick<ConfigFlags, 'dir' | 'bucket' | 'prefix' | 'endpointUrl'>
  /** The variable that each of them comes from. */
  readonly names: Readonly<Record<string, string | undefined>>
  /** What nobody has named, and nobody means to publish: the checkout's own records. */
  readonly filters: readonly FilterRule[]
  /** Where SOURCE_DIR is not set, the old step takes the whole repository. */
  readonly takesWholeRepository: boolean
}

type OldSetting = keyof OldEnvironment['flags']

/** @param isGiven whether something else names the setting, which then counts */
export function readOldEnvironment(env: Environment, isGiven: (setting: OldSetting) => boolean): OldEnvironment {
  const read = (variable: string, setting: OldSetting): string | undefined =>
    isGiven(setting) ? undefined : env[variable]?.trim() || undefined
  // s3://BUCKET/DEST_DIR was put together from the two, so that a bucket with a slash in it worked too.
  const [bucket, ...folders] = read('AWS_S3_BUCKET', 'bucket')?.split('/') ?? []
  const destination = read('DEST_DIR', 'prefix')
  const prefix = [...folders, ...(destination?.split('/') ?? [])].filter((folder) => folder !== '').join('/')
  const found: [OldSetting, string, string | undefined][] = [
    ['dir', 'SOURCE_DIR', read('SOURCE_DIR', 'dir')],
    ['bucket', 'AWS_S3_BUCKET', bucket],
    [
      'prefix',
      destination === undefined ? 'AWS_S3_BUCKET' : 'DEST_DIR',
      isGiven('prefix') ? undefined : prefix || undefined,
    ],
    ['endpointUrl', 'AWS_S3_ENDPOINT', read('AWS_S3_ENDPOINT', 'endpointUrl')],
  ]
  const set = found.filter(([, , value]) => value !== undefined)
  const takesWholeRepository = bucket !== undefined && !isGiven('dir') && set.every(([setting]) => setting !== 'dir')
  return {
    flags: Object.fromEntries(set.map(([setting, , value]) => [setting, value])),
    names: Object.fromEntries(set.map(([setting, variable]) => [setting, variable])),
    filters: takesWholeRepository ? [{ kind: 'exclude', pattern: '.git/*' }] : [],
    takesWholeRepository,
  }
}
