// freshfront init --from-workflow FILE: the steps that deployed become a step of Freshfront, in the file itself.

import { resolve } from 'node:path'

import { argumentsInvalid, quote, workflowDeploysNothing, workflowNotReadable } from '../../errors.ts'
import { rewriteWorkflow } from '../../init/rewrite-workflow.ts'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { InitFlags } from '../init-flags.ts'
import type { Prompt } from '../prompt.ts'
import { nameFrom, readIfThere, writeFiles } from './write-files.ts'

/** What is said in the old workflow is not said again. */
const flagsOfNewWorkflows = [
  'dir',
  'build',
  'bucket',
  'prefix',
  'distribution',
  'region',
  'roleArn',
  'planRoleArn',
  'branch',
  'pullRequests',
  'verifyUrl',
] as const

export async function rewriteOldWorkflow(
  context: CliContext,
  named: string,
  flags: InitFlags,
  prompt: Prompt | undefined,
): Promise<void> {
  const { cwd, terminal, process } = context
  const extra = flagsOfNewWorkflows.find((flag) => flags[flag] !== undefined)
  if (extra !== undefined) {
    const flag = extra.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)
    throw argumentsInvalid(`--${flag} is for a new workflow.`, 'Leave it out: the old workflow says it.')
  }
  const path = resolve(cwd, named)
  const name = nameFrom(cwd, path)
  const before = await readOrRefuse(path, named)
  const { text, rewritten, usesFreshfront, warnings, notes } = rewriteWorkflow(before, name)

  for (const warning of warnings) terminal.writeStatus(`! ${warning}`)
  if (rewritten === 0) {
    if (warnings.length > 0) {
      process.exitCode = exitCodes.refused
      return terminal.writeResult(`Nothing of ${name} could be carried over; it is as it was.`)
    }
    if (!usesFreshfront) throw workflowDeploysNothing(name)
    return terminal.writeResult(`${name} uses Freshfront already; there is nothing to rewrite.`)
  }
  for (const note of notes) terminal.writeStatus(note)
  terminal.writeStatus('The credentials need to read a little more than before: freshfront iam writes the policy.')
  const { force, yes, dryRun = false } = flags
  await writeFiles(context, [{ path, before, after: text }], { force: force ?? yes ?? false, dryRun }, prompt)
}

async function readOrRefuse(path: string, named: string): Promise<string> {
  let text: string | undefined
  try {
    text = await readIfThere(path)
  } catch (cause) {
    throw workflowNotReadable(quote(named), cause instanceof Error ? cause.message : String(cause), { cause })
  }
  if (text === undefined) throw workflowNotReadable(quote(named), 'there is no such file')
  return text
}
