import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { CHECKS } from './checks.ts'

describe('docs/doctor.md', () => {
  it('says of every code how bad it is, what comes of it and what to do, and knows no other', async () => {
    const text = await readFile(new URL('../../docs/doctor.md', import.meta.url), 'utf8')
    const sections = [...text.matchAll(/^### `(\w+)` \((\w+)\)\n\n(.+)\n\n\*\*Fix:\*\* (.+)$/gmu)]
    expect(sections.map(([, ...parts]) => parts)).toEqual(
      Object.entries(CHECKS).map(([code, { severity, why, fix }]) => [code, severity, why, fix]),
    )
  })
})
