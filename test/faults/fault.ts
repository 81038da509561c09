// One fault at one request of a run: how the embedded cloud brings it about, and how a dead run is kept from doing anything more.

import type { EmulatorService, HttpRequest, Intercepted } from '../../src/emulator/index.ts'
import type { Ports } from '../../src/ports.ts'

/** `after`: the request is carried out, and its answer is not seen. Numbers: the service answers so, once, and carries nothing out. */
export const FAULTS = [
  'dies before',
  'dies after',
  'reset before',
  'reset after',
  '500 InternalError',
  '503 SlowDown',
  '400 RequestTimeout',
  '409 OperationAborted',
  '412 PreconditionFailed',
] as const

export type Fault = (typeof FAULTS)[number]

/** A run under observation, with a fault or without. */
export interface Trial {
  /** What it has sent to S3 and CloudFront so far, as `PUT /site/index.html`. */
  readonly requests: readonly string[]
  readonly isDead: () => boolean
  readonly meet: (service: EmulatorService, request: HttpRequest) => Intercepted
}

/** @param at which request has the fault, from 1 on; undefined: none */
export function startTrial(at?: { readonly request: number; readonly fault: Fault }): Trial {
  const requests: string[] = []
  let dead = false
  return {
    requests,
    isDead: () => dead,
    meet(service, { method, target }) {
      if (service === 'edge') return undefined
      // An error that no client tries again: what is left of the dead run ends at once, and does nothing more.
      if (dead) return refusal(service, 400, 'ProcessIsDead')
      requests.push(`${method} ${target}`)
      if (requests.length !== at?.request) return undefined
      switch (at.fault) {
        case 'dies before':
          dead = true
          return refusal(service, 400, 'ProcessIsDead')
        case 'dies after':
          dead = true
          return 'reset after'
        case 'reset before':
          return 'reset'
        case 'reset after':
          return 'reset after'
        default: {
          const [status = '', code = ''] = at.fault.split(' ')
          return refusal(service, Number(status), code)
        }
      }
    },
  }
}

/** Ports of a process that may die: from then on every call is refused, also one made by a timer long after. */
export function mortalPorts(ports: Ports, isDead: Trial['isDead']): Ports {
  return {
    ...ports,
    bucket: refusingWhenDead(ports.bucket, isDead),
    distributions: refusingWhenDead(ports.distributions, isDead),
    clock: refusingWhenDead(ports.clock, isDead),
  }
}

function refusingWhenDead<T extends object>(port: T, isDead: Trial['isDead']): T {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      // The clock is still read by what reports the death.
      if (typeof value !== 'function' || name === 'nowMs') return value
      return (...args: unknown[]): unknown => {
        if (isDead()) throw new Error('The process is dead.')
        return Reflect.apply(value, target, args)
      }
    },
  })
}

function refusal(service: EmulatorService, status: number, code: string): Intercepted {
  const error = `<Code>${code}</Code><Message>A fault of the test.</Message>`
  const document =
    service === 's3'
      ? `<Error>${error}</Error>`
      : `<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error>${error}</Error></ErrorResponse>`
  return { status, headers: { 'Content-Type': 'application/xml' }, body: Buffer.from(document) }
}
