import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../model.ts'
import { renderDiagnosisJson, renderDiagnosisText } from './doctor.ts'

const diagnosis: Diagnosis = {
  bucket: 'my-site',
  prefix: 'blog/',
  distributions: ['E1'],
  findings: [
    {
      code: 'NO_DEFAULT_ROOT_OBJECT',
      severity: 'problem',
      distribution: 'E1',
      what: 'E1 has no default root object.',
      why: 'The root is an error.',
      fix: 'Set it.',
    },
    {
      code: 'NO_VERSIONING',
      severity: 'advice',
      what: 'Never switched on.',
      why: 'Lost is lost.',
      fix: 'Switch it on.',
    },
  ],
  notTried: ['s3:PutObject'],
}

describe('renderDiagnosisText', () => {
  it('names each finding by its code, says what comes of it and what to do', () => {
    expect(renderDiagnosisText(diagnosis, { colors: false })).toBe(`Doctor for s3://my-site/blog/, behind E1

✗ NO_DEFAULT_ROOT_OBJECT
  E1 has no default root object.
  The root is an error.
  Fix: Set it.

! NO_VERSIONING
  Never switched on.
  Lost is lost.
  Fix: Switch it on.

Not tried, since it would write: s3:PutObject.
1 problem, 1 to consider.
`)
  })

  it('lets no name of the bucket’s objects speak to the terminal', () => {
    const [finding] = diagnosis.findings
    const hostile = { ...diagnosis, findings: finding ? [{ ...finding, what: 'a\u001b[2Jb is open.' }] : [] }
    expect(renderDiagnosisText(hostile, { colors: false })).toContain('a\\u001b[2Jb is open.')
  })
})

describe('renderDiagnosisJson', () => {
  it('has each finding with its code, severity, distribution and fix', () => {
    expect(JSON.parse(renderDiagnosisJson(diagnosis))).toEqual({
      formatVersion: 1,
      bucket: 'my-site',
      prefix: 'blog/',
      distributions: ['E1'],
      problems: 1,
      findings: diagnosis.findings,
      notTried: ['s3:PutObject'],
    })
  })
})
