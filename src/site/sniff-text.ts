// Is a file whose name says nothing text? By its bytes.

/** Raised with every change of what is taken for text: remembered results of another version count for nothing. */
export const SNIFFING_VERSION = 1
/** Of a larger file the beginning decides. */
const MAX_SNIFFED_BYTES = 64 * 1024
/** Control characters that no text has: all but tab, line feed, form feed, carriage return and escape. */
const BINARY = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/u

/** @returns takes the pieces of a file in order; then whether it began as UTF-8 text. An empty file is none. */
export function sniffText(): { readonly look: (bytes: Uint8Array) => void; readonly isText: () => boolean } {
  let verdict: boolean | undefined
  return {
    look(bytes) {
      verdict ??= isTextBeginning(bytes)
    },
    isText: () => verdict ?? false,
  }
}

function isTextBeginning(bytes: Uint8Array): boolean {
  const beginning = bytes.subarray(0, MAX_SNIFFED_BYTES)
  if (beginning.length === 0) return false
  try {
    // In a stream a character may be cut off at the end.
    const stream = beginning.length < bytes.length || bytes.length >= MAX_SNIFFED_BYTES
    return !BINARY.test(new TextDecoder('utf-8', { fatal: true }).decode(beginning, { stream }))
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
