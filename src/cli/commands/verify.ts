// freshfront verify: settings → ports → verifySite() → text or JSON → exit code.

import { readSwitch } from '../../config/environment.ts'
import { loadConfig } from '../../config/load.ts'
import type { Config, SiteVerification } from '../../model.ts'
import { renderSiteVerificationJson } from '../../report/verification-json.ts'
import { renderSiteVerificationText } from '../../report/verification-text.ts'
import { verifySite } from '../../verify-site.ts'
import type { CliContext } from '../context.ts'
import type { EmbeddedCloud } from '../embedded-cloud.ts'
import { exitCodeOfOutcome } from '../exit-codes.ts'
import type { VerifyFlags } from '../flags.ts'
import { readArguments } from '../usage-errors.ts'
import { connect, nameUnusedSettings, showProgress, toConfigFlags, withoutPlaces } from './deploy.ts'

export async function runVerify(this: CliContext, flags: VerifyFlags, first?: string, second?: string): Promise<void> {
  const { env, cwd, terminal } = this
  const options = {
    json: flags.json ?? readSwitch(env, 'FRESHFRONT_JSON') ?? false,
    quiet: flags.quiet ?? readSwitch(env, 'FRESHFRONT_QUIET') ?? false,
    all: flags.all ?? false,
  }
  const configFlags = { ...toConfigFlags(flags, this.argv), ...readArguments(first, second) }
  if (!(flags.local ?? readSwitch(env, 'FRESHFRONT_LOCAL') ?? false)) {
    const { config } = await loadConfig({ flags: configFlags, env, cwd })
    finish(this, await verifyThere(config, undefined, this, options), options)
    return
  }
  const { LOCAL_BUCKET, openEmbeddedCloud } = await import('../embedded-cloud.ts')
  const { config, sources } = await loadConfig({ flags: configFlags, env, cwd, defaultBucket: LOCAL_BUCKET })
  const unused = nameUnusedSettings(sources)
  if (unused.length > 0 && !options.quiet) terminal.writeStatus(`Not used with --local: ${unused.join(', ')}.`)
  const cloud = await openEmbeddedCloud({ cwd, bucket: config.bucket, prefix: config.prefix, announce: false })
  try {
    finish(this, await verifyThere(withoutPlaces(config), cloud, this, options), options)
  } finally {
    await cloud.close()
  }
}

async function verifyThere(
  config: Config,
  cloud: EmbeddedCloud | undefined,
  context: CliContext,
  options: { readonly quiet: boolean; readonly all: boolean },
): Promise<SiteVerification> {
  return verifySite(config, await connect(config, cloud), {
    all: options.all,
    edges: cloud?.edgeAddresses ?? [],
    signal: context.interruption,
    ...(!options.quiet && { onEvent: showProgress(context.terminal) }),
  })
}

function finish(
  { terminal, process }: CliContext,
  site: SiteVerification,
  options: { readonly json: boolean; readonly quiet: boolean },
): void {
  process.exitCode = exitCodeOfOutcome(site)
  if (options.json) terminal.writeResult(renderSiteVerificationJson(site))
  else if (!options.quiet || process.exitCode !== 0)
    terminal.writeResult(renderSiteVerificationText(site, terminal.result))
}
