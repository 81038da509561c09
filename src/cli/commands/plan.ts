// freshfront plan: what deploy would do, and why. Writes nothing.

import type { CliContext } from '../context.ts'
import type { PlanFlags } from '../flags.ts'
import { deployOrPlan } from './deploy.ts'

export async function runPlan(this: CliContext, flags: PlanFlags, first?: string, second?: string): Promise<void> {
  const { format, ...rest } = flags
  const json = format === undefined ? rest.json : format === 'json'
  const shown = { ...rest, ...(json !== undefined && { json }), markdown: format === 'markdown' }
  await deployOrPlan(this, shown, [first, second], 'plan')
}
