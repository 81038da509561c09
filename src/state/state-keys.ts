// Where Freshfront keeps what it must remember: in the bucket, beside the site.

import type { Key } from '../model.ts'

/** Below the site's prefix; never part of the site. */
export const STATE_FOLDER = '.freshfront/'

export function stateKey(prefix: string): Key {
  return `${prefix}${STATE_FOLDER}state.json.gz`
}

export function lockKey(prefix: string): Key {
  return `${prefix}${STATE_FOLDER}lock.json`
}

export function debtKey(prefix: string): Key {
  return `${prefix}${STATE_FOLDER}pending.json`
}
