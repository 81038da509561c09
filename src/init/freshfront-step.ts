// What a deploy has to be told → the lines of a step that uses the Action. Pure.

import { FRESHFRONT_ACTION_USES } from './action-pins.ts'
import type { OldUpload } from './old-deploy.ts'
import { toYamlText } from './yaml-text.ts'

export interface ActionStep {
  readonly uses: string
  readonly with: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
}

/** @param distributions ids or expressions, none twice */
export function toActionStep(
  upload: OldUpload,
  distributions: readonly string[],
  env: Readonly<Record<string, string>>,
): ActionStep {
  const inputs: Record<string, string | undefined> = {
    source: upload.source,
    bucket: upload.bucket,
    prefix: upload.prefix,
    distribution: distributions.length === 0 ? undefined : distributions.join(','),
    region: upload.region,
    delete: upload.delete,
    'dry-run': upload.dryRun,
    args: upload.args.length === 0 ? undefined : upload.args.join(' '),
  }
  return {
    uses: FRESHFRONT_ACTION_USES,
    with: Object.fromEntries(Object.entries(inputs).filter((entry): entry is [string, string] => !!entry[1])),
    env,
  }
}

/** @returns the keys of the step, one line each, as they stand below each other */
export function renderActionStep(step: ActionStep): readonly string[] {
  return [`uses: ${step.uses}`, ...renderTexts('with', step.with), ...renderTexts('env', step.env)]
}

function renderTexts(key: string, texts: Readonly<Record<string, string>>): readonly string[] {
  const lines = Object.entries(texts).map(([name, text]) => `  ${name}: ${text === 'true' ? text : toYamlText(text)}`)
  return lines.length === 0 ? [] : [`${key}:`, ...lines]
}
