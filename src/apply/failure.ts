// An error that happened to one step, as data for the outcome.

import { FreshfrontError } from '../errors.ts'
import type { Failure } from '../model.ts'

export function failureOf(what: string, error: unknown): Failure {
  if (error instanceof FreshfrontError) return { what, code: error.code, message: error.message, fix: error.fix }
  return { what, code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) }
}
