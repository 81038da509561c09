// freshfront doctor: settings → ports → runDoctor() → text or JSON → exit code.

import { readSwitch } from '../../config/environment.ts'
import { loadConfig } from '../../config/load.ts'
import type { Config, Diagnosis } from '../../model.ts'
import { renderDiagnosisJson, renderDiagnosisText } from '../../report/doctor.ts'
import { runDoctor } from '../../run-doctor.ts'
import type { CliContext } from '../context.ts'
import type { EmbeddedCloud } from '../embedded-cloud.ts'
import { exitCodes } from '../exit-codes.ts'
import type { DoctorFlags } from '../flags.ts'
import { connect, toConfigFlags, withoutPlaces } from './deploy.ts'

export async function runDoctorCommand(this: CliContext, flags: DoctorFlags): Promise<void> {
  const { env, cwd, argv, terminal, process } = this
  const json = flags.json ?? readSwitch(env, 'FRESHFRONT_JSON') ?? false
  const options = { flags: toConfigFlags(flags, argv), env, cwd, defaultDir: cwd }
  const diagnosis = await diagnose(this, options, flags.local ?? readSwitch(env, 'FRESHFRONT_LOCAL') ?? false)
  process.exitCode = diagnosis.findings.some(({ severity }) => severity === 'problem')
    ? exitCodes.failed
    : exitCodes.done
  terminal.writeResult(json ? renderDiagnosisJson(diagnosis) : renderDiagnosisText(diagnosis, terminal.result))
}

async function diagnose(
  context: CliContext,
  options: Parameters<typeof loadConfig>[0],
  local: boolean,
): Promise<Diagnosis> {
  if (!local) return diagnoseThere((await loadConfig(options)).config, undefined, context)
  const { LOCAL_BUCKET, openEmbeddedCloud } = await import('../embedded-cloud.ts')
  const { config } = await loadConfig({ ...options, defaultBucket: LOCAL_BUCKET })
  const { bucket, prefix } = config
  const cloud = await openEmbeddedCloud({ cwd: context.cwd, bucket, prefix, announce: false })
  try {
    return await diagnoseThere(withoutPlaces(config), cloud, context)
  } finally {
    await cloud.close()
  }
}

async function diagnoseThere(
  config: Config,
  cloud: EmbeddedCloud | undefined,
  { interruption }: CliContext,
): Promise<Diagnosis> {
  return runDoctor(config, await connect(config, cloud), {
    edges: cloud?.edgeAddresses ?? [],
    signal: interruption,
  })
}
