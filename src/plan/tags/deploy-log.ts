// The deploys of a site as its cache tags count them: how many there were, and which of them left most of the site alone. Pure.

/** Of what the tags are made. A change of what `tagTexts` gives for the same history is a new number. */
export const TAG_SCHEME = 1

/** A deploy is quiet when at most this share of the live objects changed: mass deploys make all objects look alike. */
const QUIET_SHARE = 0.2
/** The quiet deploys over which an object's frequency is counted. */
export const QUIET_WINDOW = 16

/** Plain JSON, one for a site. */
export interface DeployLog {
  readonly scheme: typeof TAG_SCHEME
  /** The number of the last deploy that uploaded something; the first one is 1. */
  readonly deploy: number
  /** The numbers of the last quiet deploys, newest first. */
  readonly quiet: readonly number[]
}

export interface UploadCount {
  /** Objects live before the deploy. */
  readonly live: number
  /** Of these, the ones that the deploy uploads again. */
  readonly changed: number
  /** Objects that it uploads for the first time. */
  readonly added: number
}

export const NO_DEPLOYS: DeployLog = { scheme: TAG_SCHEME, deploy: 0, quiet: [] }

/** The log with the deploy that is about to upload; a deploy that uploads nothing is not counted. */
export function logDeploy(log: DeployLog, { live, changed, added }: UploadCount): DeployLog {
  if (changed + added === 0) return log
  const deploy = log.deploy + 1
  const isQuiet = live > 0 && changed <= QUIET_SHARE * live
  return { ...log, deploy, quiet: isQuiet ? [deploy, ...log.quiet].slice(0, QUIET_WINDOW) : log.quiet }
}
