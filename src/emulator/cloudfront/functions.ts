// The CloudFront functions of the account: made and changed in the DEVELOPMENT stage, copied to LIVE when published.
// Facts: CloudFront API Reference, CreateFunction, UpdateFunction, PublishFunction, DeleteFunction; Developer Guide,
// "Quotas on CloudFront Functions".

import type { EmulatorClock } from '../clock.ts'
import { ApiError, invalidArgument } from './api-error.ts'
import type { FunctionProgram, FunctionRuntime } from './function-sandbox.ts'
import type { SeededRandom } from './seeded-random.ts'
import { UPPER_CASE } from './seeded-random.ts'

export type FunctionStage = 'DEVELOPMENT' | 'LIVE'

/** A function in one stage. */
export interface FunctionVersion extends FunctionProgram {
  readonly comment: string
  /** For If-Match. */
  readonly etag: string
  readonly createdMs: number
  readonly lastModifiedMs: number
}

export interface EdgeFunction {
  readonly name: string
  readonly arn: string
  readonly development: FunctionVersion
  /** Undefined until it is published. */
  readonly live: FunctionVersion | undefined
}

export interface NewFunctionVersion extends FunctionProgram {
  readonly comment: string
}

export interface EdgeFunctions {
  list(): readonly EdgeFunction[]
  find(name: string): EdgeFunction | undefined
  findByArn(arn: string): EdgeFunction | undefined
  /** @throws {ApiError} `NoSuchFunctionExists`, also for the LIVE stage of what was never published */
  get(name: string, stage: FunctionStage): { readonly found: EdgeFunction; readonly version: FunctionVersion }
  create(name: string, version: NewFunctionVersion): EdgeFunction
  update(name: string, version: NewFunctionVersion, ifMatch: string | undefined): EdgeFunction
  publish(name: string, ifMatch: string | undefined): EdgeFunction
  /** @param isInUse whether a distribution is associated with it */
  remove(name: string, ifMatch: string | undefined, isInUse: boolean): void
  /** Throws the API's error when the version is not the one named. */
  checkVersion(version: FunctionVersion, ifMatch: string | undefined): void
}

const ACCOUNT_ID = '123456789012'
const MAX_CODE_BYTES = 10 * 1024
const MAX_FUNCTIONS = 100
const RUNTIMES: readonly string[] = ['cloudfront-js-1.0', 'cloudfront-js-2.0'] satisfies FunctionRuntime[]

export interface EdgeFunctionsOptions {
  readonly clock: EmulatorClock
  readonly random: SeededRandom
  readonly saved: readonly EdgeFunction[]
  readonly onChange: () => void
}

export function createEdgeFunctions({ clock, random, saved, onChange }: EdgeFunctionsOptions): EdgeFunctions {
  const byName = new Map(saved.map((one) => [one.name, one]))

  function getAny(name: string): EdgeFunction {
    const found = byName.get(name)
    if (found === undefined) throw noSuchFunction()
    return found
  }

  function makeVersion(version: NewFunctionVersion, createdMs: number): FunctionVersion {
    if (!RUNTIMES.includes(version.runtime)) throw invalidArgument(`There is no runtime "${version.runtime}".`)
    const sizeBytes = Buffer.byteLength(version.code)
    if (sizeBytes > MAX_CODE_BYTES) {
      const message = `The function code has ${sizeBytes} bytes; at most ${MAX_CODE_BYTES} are allowed.`
      throw new ApiError('FunctionSizeLimitExceeded', 413, message)
    }
    return { ...version, createdMs, lastModifiedMs: clock.nowMs(), etag: `E${random.text(13, UPPER_CASE)}` }
  }

  function keep(changed: EdgeFunction): EdgeFunction {
    byName.set(changed.name, changed)
    onChange()
    return changed
  }

  function checkVersion(version: FunctionVersion, ifMatch: string | undefined): void {
    if (ifMatch === undefined || ifMatch === '') {
      throw new ApiError('InvalidIfMatchVersion', 400, 'The If-Match version is missing or not valid for the resource.')
    }
    if (ifMatch !== version.etag) {
      throw new ApiError('PreconditionFailed', 412, 'The If-Match version does not match the function.')
    }
  }

  return {
    list: () => [...byName.values()],
    find: (name) => byName.get(name),
    findByArn: (arn) => [...byName.values()].find((one) => one.arn === arn),
    get(name, stage) {
      const found = getAny(name)
      const version = stage === 'LIVE' ? found.live : found.development
      if (version === undefined) throw noSuchFunction()
      return { found, version }
    },
    create(name, version) {
      if (!/^[a-zA-Z0-9-_]{1,64}$/.test(name)) throw invalidArgument(`"${name}" is not a function name.`)
      if (byName.has(name)) {
        throw new ApiError('FunctionAlreadyExists', 409, 'A function with the same name already exists.')
      }
      if (byName.size >= MAX_FUNCTIONS) {
        throw new ApiError('TooManyFunctions', 400, `An account has at most ${MAX_FUNCTIONS} functions.`)
      }
      const arn = `arn:aws:cloudfront::${ACCOUNT_ID}:function/${name}`
      return keep({ name, arn, development: makeVersion(version, clock.nowMs()), live: undefined })
    },
    update(name, version, ifMatch) {
      const before = getAny(name)
      checkVersion(before.development, ifMatch)
      return keep({ ...before, development: makeVersion(version, before.development.createdMs) })
    },
    publish(name, ifMatch) {
      const before = getAny(name)
      checkVersion(before.development, ifMatch)
      return keep({ ...before, live: { ...before.development, lastModifiedMs: clock.nowMs() } })
    },
    remove(name, ifMatch, isInUse) {
      checkVersion(getAny(name).development, ifMatch)
      if (isInUse) {
        throw new ApiError('FunctionInUse', 409, 'The function is associated with one or more distributions.')
      }
      byName.delete(name)
      onChange()
    },
    checkVersion,
  }
}

function noSuchFunction(): ApiError {
  return new ApiError('NoSuchFunctionExists', 404, 'The specified function does not exist.')
}
