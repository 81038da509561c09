// freshfront status: settings → ports → readStatus() → text or JSON.

import { readSwitch } from '../../config/environment.ts'
import { loadConfig } from '../../config/load.ts'
import type { Config } from '../../model.ts'
import type { Ports } from '../../ports.ts'
import { readStatus } from '../../read-status.ts'
import { renderStatusJson, renderStatusText } from '../../report/status.ts'
import type { CliContext } from '../context.ts'
import type { StatusFlags } from '../flags.ts'
import { connect, toConfigFlags } from './deploy.ts'

export async function runStatus(this: CliContext, flags: StatusFlags): Promise<void> {
  const { env, terminal } = this
  const json = flags.json ?? readSwitch(env, 'FRESHFRONT_JSON') ?? false
  await withSite(this, flags, async (config, ports) => {
    const status = await readStatus(config, ports)
    terminal.writeResult(
      json ? renderStatusJson(status) : renderStatusText(status, { ...terminal.result, nowMs: ports.clock.nowMs() }),
    )
  })
}

/** Runs the task on the site that the settings name, in AWS or in the embedded cloud; the folder of the site plays no part. */
export async function withSite(
  context: CliContext,
  flags: StatusFlags,
  task: (config: Config, ports: Ports) => Promise<void>,
): Promise<void> {
  const { env, cwd, argv } = context
  const options = { flags: toConfigFlags(flags, argv), env, cwd, defaultDir: cwd }
  if (!(flags.local ?? readSwitch(env, 'FRESHFRONT_LOCAL') ?? false)) {
    const { config } = await loadConfig(options)
    return task(config, await connect(config, undefined))
  }
  const { LOCAL_BUCKET, openEmbeddedCloud } = await import('../embedded-cloud.ts')
  const { config } = await loadConfig({ ...options, defaultBucket: LOCAL_BUCKET })
  const cloud = await openEmbeddedCloud({ cwd, bucket: config.bucket, prefix: config.prefix, announce: false })
  try {
    return await task(config, await connect(config, cloud))
  } finally {
    await cloud.close()
  }
}
