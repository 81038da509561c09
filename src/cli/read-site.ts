// The site of a command that asks no bucket: settings → the folder, scanned.

import { loadConfig } from '../config/load.ts'
import type { Config, SiteSnapshot } from '../model.ts'
import { scanSite } from '../site/scan.ts'
import type { CliContext } from './context.ts'
import { readFilterOrder } from './filter-order.ts'
import { readArguments } from './usage-errors.ts'

export async function readSite(
  context: CliContext,
  flags: { readonly config?: string },
  dir: string | undefined,
): Promise<{ readonly config: Config; readonly site: SiteSnapshot }> {
  const { argv, env, cwd, interruption } = context
  const filters = readFilterOrder(argv)
  const { config } = await loadConfig({
    flags: {
      ...(flags.config !== undefined && { config: flags.config }),
      ...readArguments(dir, undefined),
      ...(filters.length > 0 && { filters }),
    },
    env,
    cwd,
    // Which one makes no difference here.
    defaultBucket: 'no-bucket',
  })
  return { config, site: await scanSite(config.dir, { ...config, signal: interruption }) }
}
