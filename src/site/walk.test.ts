import { describe, expect, it } from 'vitest'
import { explainReadError } from './walk.ts'

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

describe('explainReadError', () => {
  it("gives the system's reason without the raw path that follows it", () => {
    const error = systemError('EACCES', "EACCES: permission denied, open '/site/\u001b[2J.html'")
    expect(explainReadError('\u001b[2J.html', error)).toMatchObject({
      code: 'SOURCE_NOT_READABLE',
      message: 'Cannot read "\\u001b[2J.html": EACCES: permission denied.',
    })
  })

  it('takes a file that was there a moment ago for a build that still runs', () => {
    const error = systemError('ENOENT', "ENOENT: no such file or directory, open '/site/a.html'")
    expect(explainReadError('a.html', error)).toMatchObject({ code: 'FILE_CHANGED' })
  })
})
