// Where Freshfront keeps what it must remember: in the bucket, beside the site.

import type { Key, Shard } from '../model.ts'

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

/** Below it lie the objects of a large site's state. */
export function statePartsFolder(prefix: string): Key {
  return `${prefix}${STATE_FOLDER}state/`
}

/** Below it lie the records of shards. */
export function shardsFolder(prefix: string, name?: string): Key {
  return `${prefix}${STATE_FOLDER}shards/${name === undefined ? '' : `${name}/`}`
}

export function shardKey(prefix: string, name: string, { index, count }: Shard): Key {
  return `${shardsFolder(prefix, name)}${index}-of-${count}.json.gz`
}

/** Where a file waits that goes live last. */
export function stagedKey(prefix: string, name: string, key: Key): Key {
  return `${shardsFolder(prefix, name)}staged/${key.slice(prefix.length)}`
}
