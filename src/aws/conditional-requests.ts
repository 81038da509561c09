// Conditional writes over stores that spell ETags differently.

import type { Key } from '../model.ts'
import { conditionsNotSupported, preconditionFailed } from '../errors.ts'
import { awsErrorCode, isMissingKey } from './aws-errors.ts'

/** Sends a request under a condition. @param ifMatch undefined: the condition is that there is no such object */
export type OnCondition = <T>(
  key: Key,
  ifMatch: string | undefined,
  send: (ifMatch: string | undefined) => Promise<T>,
) => Promise<T>

/**
 * S3 takes an ETag in If-Match with or without its quotes. Ceph 16 compares it with the bare one only, so that a quoted one never matches;
 * others want the quotes of RFC 9110. What a store wants is found out at the first 412 for an ETag that the object has.
 *
 * A request that was sent again, since its first answer was lost, may fail because of itself: the caller must look who was faster.
 *
 * @see Amazon S3 User Guide, "How to prevent object overwrites with conditional writes"
 */
export function conditionalRequests(readEtag: (key: Key) => Promise<string | undefined>): OnCondition {
  let quotes = true
  return async (key, ifMatch, send) => {
    try {
      return await send(spell(ifMatch, quotes))
    } catch (error) {
      if (ifMatch === undefined || awsErrorCode(error) !== 'PreconditionFailed') throw explain(error, key)
      if (!quotes || (await readEtag(key).catch(() => undefined)) !== ifMatch) throw explain(error, key)
    }
    try {
      const answer = await send(spell(ifMatch, false))
      quotes = false
      return answer
    } catch (error) {
      throw explain(error, key)
    }
  }
}

function spell(etag: string | undefined, quotes: boolean): string | undefined {
  return quotes ? etag : etag?.replaceAll('"', '')
}

function explain(error: unknown, key: Key): unknown {
  const cause = { cause: error }
  // With If-Match, an object that has vanished is another than the one expected.
  if (isMissingKey(error)) return preconditionFailed(key, cause)
  switch (awsErrorCode(error)) {
    case 'PreconditionFailed':
      return preconditionFailed(key, cause)
    case 'NotImplemented':
      return conditionsNotSupported(key, cause)
    default:
      // ConditionalRequestConflict is tried again, see retry.ts.
      return error
  }
}
