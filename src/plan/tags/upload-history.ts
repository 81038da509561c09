// In which deploys an object was uploaded, in a few numbers: what the learned cache tags are made of. Pure.

import { type DeployLog, QUIET_WINDOW } from './deploy-log.ts'

/** Uploads that are remembered one by one. */
const MAX_UPLOADS = 8
/** The deploys over which an object's frequency is counted. */
const RECENT_WINDOW = 10

/** As of the object's last upload. */
export interface UploadHistory {
  /** The deploy that uploaded it first. */
  readonly born: number
  /** Deploy numbers, newest first, at least one and at most eight. */
  readonly uploads: readonly number[]
  /** Bit i: uploaded i deploys before the last upload. */
  readonly recentMask: number
  /** Bit i: uploaded in the i-th newest of the quiet deploys up to the last upload. */
  readonly quietMask: number
  /** Quiet deploys after the first upload and up to the last one, counted to 16. */
  readonly quietAge: number
}

/** A history as it stands in the state: `[born, recentMask, quietMask, quietAge, ...uploads]`, each upload as its distance to the next. */
export type PackedHistory = readonly number[]

/** How often an object was uploaded: `uploads` of `deploys`; undefined before it could have been uploaded again. */
export interface Frequency {
  readonly uploads: number
  readonly deploys: number
}

/**
 * The object's history when the deploy that `log` ends with uploads it.
 *
 * @param before undefined: it is new, or nothing is known of it
 */
export function recordUpload(before: UploadHistory | undefined, log: DeployLog): UploadHistory {
  const { deploy, quiet } = log
  if (before === undefined)
    return { born: deploy, uploads: [deploy], recentMask: 1, quietMask: quiet[0] === deploy ? 1 : 0, quietAge: 0 }
  const last = before.uploads[0] ?? before.born
  const quietSince = quiet.filter((number) => number > last).length
  const shiftedQuiet = quietSince >= QUIET_WINDOW ? 0 : before.quietMask << quietSince
  return {
    born: before.born,
    uploads: [deploy, ...before.uploads].slice(0, MAX_UPLOADS),
    recentMask:
      deploy - last >= RECENT_WINDOW ? 1 : ((before.recentMask << (deploy - last)) | 1) & (2 ** RECENT_WINDOW - 1),
    quietMask: (shiftedQuiet | (quiet[0] === deploy ? 1 : 0)) & (2 ** QUIET_WINDOW - 1),
    quietAge: Math.min(QUIET_WINDOW, before.quietAge + quietSince),
  }
}

/** Over the last ten deploys, or all since its first upload where those are fewer. */
export function recentFrequency({ born, uploads, recentMask }: UploadHistory): Frequency | undefined {
  return frequencyOf(recentMask, Math.min(RECENT_WINDOW, (uploads[0] ?? born) - born))
}

/** The same over the last sixteen quiet deploys. */
export function quietFrequency({ quietMask, quietAge }: UploadHistory): Frequency | undefined {
  return frequencyOf(quietMask, quietAge)
}

export function packHistory({ born, uploads, recentMask, quietMask, quietAge }: UploadHistory): PackedHistory {
  return [
    born,
    recentMask,
    quietMask,
    quietAge,
    ...uploads.map((deploy, i) => (uploads[i - 1] ?? deploy) - deploy || deploy),
  ]
}

/** @returns undefined where the numbers are not such a history */
export function unpackHistory(packed: PackedHistory): UploadHistory | undefined {
  const [born, recentMask, quietMask, quietAge, ...steps] = packed
  const first = steps[0]
  if (born === undefined || recentMask === undefined || quietMask === undefined || quietAge === undefined)
    return undefined
  if (first === undefined || packed.some((number) => !Number.isInteger(number) || number < 0)) return undefined
  const uploads = [first]
  for (const step of steps.slice(1, MAX_UPLOADS)) uploads.push((uploads.at(-1) ?? 0) - step)
  return { born, uploads, recentMask, quietMask, quietAge }
}

/** Unpacks equal histories to one and the same: objects that came and changed together have many in common. */
export function shareHistories(): (packed: PackedHistory) => UploadHistory | undefined {
  const known = new Map<string, UploadHistory | undefined>()
  return (packed) => {
    const name = packed.join(' ')
    let history = known.get(name)
    if (history === undefined) known.set(name, (history = unpackHistory(packed)))
    return history
  }
}

function frequencyOf(mask: number, deploys: number): Frequency | undefined {
  if (deploys === 0) return undefined
  let uploads = 0
  for (let bits = mask & (2 ** deploys - 1); bits !== 0; bits &= bits - 1) uploads += 1
  return { uploads, deploys }
}
