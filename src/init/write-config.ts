// The settings of a site → the text of freshfront.json. Pure.

import { withoutUndefined } from '../config/without-undefined.ts'
import { parseObject } from './project.ts'

export interface NewSettings {
  /** Below the folder of the file. */
  readonly dir: string
  readonly bucket: string
  readonly prefix: string | undefined
  readonly distribution: readonly string[] | undefined
  readonly region: string | undefined
  readonly verifyUrl: readonly string[] | undefined
}

const PUBLISHED_SCHEMA = 'https://unpkg.com/freshfront/schema.json'
const INSTALLED_SCHEMA = './node_modules/freshfront/schema.json'

/**
 * @param existing the text of the file that is there: what else it says stays
 * @param installed whether the project depends on Freshfront, and so has the schema on its disk
 * @returns the existing text, byte for byte, when it says all that already
 */
export function writeConfig(settings: NewSettings, existing: string | undefined, installed: boolean): string {
  const before = parseObject(existing ?? '{}')
  const { dir, bucket, prefix, region } = settings
  const given = withoutUndefined({
    dir,
    bucket,
    prefix,
    distribution: oneOrMore(settings.distribution),
    region,
    verifyUrl: oneOrMore(settings.verifyUrl),
  })
  const after = { $schema: installed ? INSTALLED_SCHEMA : PUBLISHED_SCHEMA, ...before, ...given }
  const same = Object.entries(given).every(([name, value]) => JSON.stringify(before[name]) === JSON.stringify(value))
  return existing !== undefined && same ? existing : `${JSON.stringify(after, undefined, 2)}\n`
}

function oneOrMore(values: readonly string[] | undefined): string | readonly string[] | undefined {
  return values === undefined || values.length > 1 ? values : values[0]
}
