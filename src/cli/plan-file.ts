// A saved plan as a file: written by plan --out, carried out by deploy --plan. It holds no secrets; whoever may write it decides what is
// deployed, like whoever types the command.

import { readFile, writeFile } from 'node:fs/promises'
import * as z from 'zod'
import type { RunSettings } from '../config/schema.ts'
import { argumentsInvalid, planNotReadable, planNotWritable } from '../errors.ts'
import type { SavedPlan } from '../model.ts'
import type { OutcomeDocument } from '../report/json.ts'
import type { DeployFlags } from './flags.ts'

export interface PlanFile {
  readonly formatVersion: 1
  /** Of the embedded cloud. */
  readonly local: boolean
  /** As they were merged from flags, environment and freshfront.json; checked where they are used. */
  readonly settings: unknown
  readonly saved: SavedPlan
  /** For people and programs that look at it; what is carried out is made again from the rest and must be the same. */
  readonly plan: unknown
}

const names = z.record(z.string(), z.string())

const planFileSchema: z.ZodType<PlanFile> = z.object({
  formatVersion: z.literal(1),
  local: z.boolean(),
  settings: z.unknown(),
  saved: z.object({
    formatVersion: z.literal(1),
    release: z.string(),
    plannedAt: z.iso.datetime(),
    commit: z.object({ id: z.string(), committedAt: z.string().exactOptional() }).exactOptional(),
    basis: z.object({
      settings: z.string(),
      disk: names,
      bucket: names,
      state: z.object({ release: z.string().exactOptional(), digest: z.string() }),
      distributions: names,
    }),
    digest: z.string(),
  }),
  plan: z.unknown(),
})

/** Flags that say how a saved plan is carried out; all others say what is planned. */
const FLAGS_BESIDE_A_PLAN: ReadonlySet<string> = new Set<keyof DeployFlags>([
  'plan',
  'yes',
  'wait',
  'lockWait',
  'concurrency',
  'verifyUrl',
  'resolve',
  'region',
  'profile',
  'endpointUrl',
  'json',
  'quiet',
])

/** @throws {FreshfrontError} `PLAN_NOT_READABLE` */
export async function readPlanFile(file: string): Promise<PlanFile> {
  let content: unknown
  try {
    content = JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw planNotReadable(file, cause instanceof Error ? cause.message : String(cause), { cause })
  }
  const parsed = planFileSchema.safeParse(content)
  if (parsed.success) return parsed.data
  throw planNotReadable(file, z.prettifyError(parsed.error).replaceAll('\n', ' '))
}

/** @throws {FreshfrontError} `PLAN_NOT_WRITABLE` */
export async function writePlanFile(
  file: string,
  content: { local: boolean; settings: RunSettings; saved: SavedPlan; plan: OutcomeDocument },
): Promise<void> {
  const { local, settings, saved, plan } = content
  const text = `${JSON.stringify({ formatVersion: 1, local, settings, saved, plan } satisfies PlanFile, null, 2)}\n`
  try {
    await writeFile(file, text)
  } catch (cause) {
    throw planNotWritable(file, { cause })
  }
}

/** @throws {FreshfrontError} `ARGUMENTS_INVALID`, which names every flag and argument that contradicts a plan */
export function refuseWhatPlanSays(flags: DeployFlags, positional: readonly (string | undefined)[]): void {
  const given = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  const surplus = [
    ...positional.filter((argument) => argument !== undefined),
    ...given
      .filter((name) => !FLAGS_BESIDE_A_PLAN.has(name))
      .map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`),
  ]
  if (surplus.length === 0) return
  throw argumentsInvalid(
    `A saved plan already says what is deployed, and where to: ${surplus.join(', ')} cannot be given with --plan.`,
    'Leave it out, or make another plan with freshfront plan --out FILE.',
  )
}
