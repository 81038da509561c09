// What the bench needs to know of a tool: how to start it, and what it is called.

import type { Scenario } from './options.ts'
import type { Servers } from './server.ts'
import type { BenchSite } from './site.ts'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  /** Besides what every tool gets. */
  readonly env?: Readonly<Record<string, string>>
}

export interface Run {
  readonly site: BenchSite
  readonly bucket: string
  /** The tool's own working folder, for configuration files. */
  readonly folder: string
  readonly servers: Servers
}

export interface Tool {
  readonly id: string
  readonly name: string
  readonly kind: 'ours' | 'peer' | 'floor'
  readonly version: string
  /** As a reader would type it. */
  readonly shown: string
  /** All where it is left out. */
  readonly scenarios?: readonly Scenario[]
  /** Whether files that it leaves in its working folder are there at its next run. */
  readonly keepsFolder?: boolean
  /** Makes what the command needs; not measured. */
  prepare(run: Run): Promise<Command>
}

/** Of rclone and the PUT loop. Freshfront finds out how many are best: on loopback between 8 and 18. */
export const UPLOADS_AT_ONCE = 16
