import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeployLog, logDeploy, NO_DEPLOYS } from './deploy-log.ts'
import {
  packHistory,
  quietFrequency,
  recentFrequency,
  recordUpload,
  unpackHistory,
  type UploadHistory,
} from './upload-history.ts'

/** One letter for each deploy: `U` uploads the object, `u` the same in a deploy that is not quiet, `.` and `!` are such deploys without it. */
function replay(deploys: string): UploadHistory {
  let log = NO_DEPLOYS
  let history: UploadHistory | undefined
  for (const deploy of deploys) {
    log = logDeploy(log, { live: 10, changed: 'U.'.includes(deploy) ? 1 : 9, added: 0 })
    if ('Uu'.includes(deploy)) history = recordUpload(history, log)
  }
  if (history === undefined) throw new Error('No deploy uploads the object.')
  return history
}

describe('recordUpload', () => {
  it('starts with the deploy that uploads the object first', () => {
    expect(replay('..U')).toEqual({ born: 3, uploads: [3], recentMask: 0b1, quietMask: 0b1, quietAge: 0 })
  })

  it('puts the newest upload first and keeps eight', () => {
    expect(replay('U.U').uploads).toEqual([3, 1])
    expect(replay('UUUUUUUUUUU').uploads).toEqual([11, 10, 9, 8, 7, 6, 5, 4])
  })

  it('says nothing of how often before the second upload', () => {
    expect(recentFrequency(replay('...U'))).toBeUndefined()
    expect(quietFrequency(replay('...U'))).toBeUndefined()
  })

  it('counts the uploads after the first one, over the deploys after it', () => {
    expect(recentFrequency(replay('U...U'))).toEqual({ uploads: 1, deploys: 4 })
    expect(recentFrequency(replay('UUUU'))).toEqual({ uploads: 3, deploys: 3 })
  })

  it('counts over ten deploys at most', () => {
    expect(recentFrequency(replay('UUUUUU..........U'))).toEqual({ uploads: 1, deploys: 10 })
    expect(recentFrequency(replay('UUUUUUUUUUUUUUUUU'))).toEqual({ uploads: 10, deploys: 10 })
  })

  it('leaves out deploys in which most of the site changed', () => {
    expect(quietFrequency(replay('U!!.u'))).toEqual({ uploads: 0, deploys: 1 })
    expect(quietFrequency(replay('U!!.U'))).toEqual({ uploads: 1, deploys: 2 })
  })

  it('counts as a full recount of all uploads would', () => {
    const rhythm = fc
      .array(fc.constantFrom('U', 'u', '.', '!'), { maxLength: 60 })
      .map((deploys) => `U${deploys.join('')}U`)
    fc.assert(
      fc.property(rhythm, (deploys) => {
        const history = replay(deploys)
        const recent = Array.from(deploys).slice(1).slice(-10)
        const quiet = Array.from(deploys)
          .slice(1)
          .filter((deploy) => 'U.'.includes(deploy))
          .slice(-16)
        expect(recentFrequency(history)).toEqual({
          uploads: recent.filter((deploy) => 'Uu'.includes(deploy)).length,
          deploys: recent.length,
        })
        expect(quietFrequency(history)).toEqual({
          uploads: quiet.filter((deploy) => deploy === 'U').length,
          deploys: quiet.length,
        })
      }),
    )
  })
})

describe('packHistory', () => {
  it('is a short list of small numbers', () => {
    expect(packHistory(replay('..U.UU'))).toEqual([3, 0b1011, 0b1011, 3, 6, 1, 2])
  })

  it('is read back the same', () => {
    const history = replay('U!.u.UU..U!!U')
    expect(unpackHistory(packHistory(history))).toEqual(history)
  })

  it('is not read where it is none', () => {
    expect(unpackHistory([])).toBeUndefined()
    expect(unpackHistory([1, 1, 1, 0])).toBeUndefined()
    expect(unpackHistory([1, 1, 1, 0, -2])).toBeUndefined()
    expect(unpackHistory([1, 1, 1, 0, 2.5])).toBeUndefined()
  })

  it('starts anew where the log was lost', () => {
    const log: DeployLog = logDeploy(NO_DEPLOYS, { live: 0, changed: 0, added: 3 })
    expect(recordUpload(undefined, log).uploads).toEqual([1])
  })
})
