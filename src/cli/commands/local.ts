// freshfront local: the embedded cloud, with a site on it, until Ctrl-C.

import type { ConfigFlags } from '../../config/layers.ts'
import { loadConfig } from '../../config/load.ts'
import { readSwitch } from '../../config/environment.ts'
import { argumentsInvalid, FreshfrontError, quote } from '../../errors.ts'
import type { Config } from '../../model.ts'
import { showName } from '../../report/terminal-text.ts'
import { renderOutcomeText } from '../../report/text.ts'
import type { CliContext } from '../context.ts'
import { LOCAL_BUCKET, openEmbeddedCloud } from '../embedded-cloud.ts'
import { exitCodeOfOutcome } from '../exit-codes.ts'
import type { LocalFlags } from '../flags.ts'
import { deployThere, toConfigFlags, whereToLook } from './deploy.ts'

export async function runLocal(this: CliContext, flags: LocalFlags, dir?: string): Promise<void> {
  const { cwd, env, terminal, interruption } = this
  const quiet = flags.quiet ?? readSwitch(env, 'FRESHFRONT_QUIET') ?? false
  const port = flags.port === undefined ? undefined : parsePort(flags.port)
  const config = await loadConfigOrNothing(this, {
    ...toConfigFlags(flags, this.argv),
    ...(dir !== undefined && { dir }),
  })

  const cloud = await openEmbeddedCloud({
    cwd,
    bucket: config?.bucket ?? LOCAL_BUCKET,
    prefix: config?.prefix ?? '',
    announce: true,
    ...(port !== undefined && { port }),
  })
  try {
    if (config !== undefined) {
      const outcome = await deployThere(config, cloud, this, { mode: 'deploy', quiet })
      terminal.writeResult(renderOutcomeText(outcome, { ...terminal.result, dir: dir ?? config.dir }))
      this.process.exitCode = exitCodeOfOutcome(outcome)
      if (this.process.exitCode !== 0) return
    }
    const named = config === undefined ? 'DIR' : dir && showName(dir)
    const again = ['freshfront deploy', named, '--local'].filter(Boolean).join(' ')
    terminal.writeResult(`\n${whereToLook(cloud)}\n\nDeploy again from this folder: ${again}\nEnd with Ctrl-C.`)
    await untilAborted(interruption)
  } finally {
    await cloud.close()
  }
}

/** A site is optional here; removals from a copy that nobody else reads need no word. */
async function loadConfigOrNothing(context: CliContext, flags: ConfigFlags): Promise<Config | undefined> {
  try {
    const { config } = await loadConfig({ flags, env: context.env, cwd: context.cwd, defaultBucket: LOCAL_BUCKET })
    return { ...config, yes: true }
  } catch (error) {
    if (error instanceof FreshfrontError && error.code === 'SOURCE_NOT_GIVEN') return undefined
    throw error
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_533) return port
  throw argumentsInvalid(
    `--port: expected a whole number from 1 to 65533, not ${quote(text)}.`,
    'The two ports after it are used too, one for each edge location.',
  )
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
