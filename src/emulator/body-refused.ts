// The error of a request body that is not what was promised: thrown while it is read, answered as the service would.

/** A body that breaks its signature, checksum, framing or length. `code` and `status` are the service's own. */
export class BodyRefused extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status: number = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}
