import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadState } from './saved-state.ts'

it('reads a file of a version that kept less', () => {
  const folder = mkdtempSync(join(tmpdir(), 'saved-state-'))
  writeFileSync(join(folder, 'cloudfront.json'), '{"distributions":[],"invalidations":[]}')
  expect(loadState(folder)).toMatchObject({ functions: [], cachePolicies: [], tenants: [] })
  rmSync(folder, { recursive: true })
})
