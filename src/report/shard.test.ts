import { describe, expect, it } from 'vitest'
import type { ShardOutcome } from '../model.ts'
import { renderShardMarkdown, renderShardText } from './shard.ts'

const outcome: ShardOutcome = {
  bucket: 'site',
  prefix: 'docs/',
  name: '4711',
  shard: { index: 3, count: 16 },
  result: 'uploaded',
  files: 12,
  unchanged: 12,
  uploads: [],
  parts: 0,
  staged: ['docs/index.html'],
  uploaded: [],
  warnings: [],
  refusals: [],
  failures: [],
  requests: {
    put: 0,
    copy: 0,
    list: 1,
    head: 0,
    get: 2,
    delete: 0,
    readDistribution: 0,
    createInvalidation: 0,
    readInvalidation: 0,
  },
  seconds: 2,
}

describe('the report of a shard', () => {
  it('says what its share was, and what ends the release', () => {
    expect(renderShardText(outcome, { colors: false })).toBe(
      `Shard 3/16 of release 4711 to s3://site/docs/
12 files in its range, 12 unchanged
Uploaded 0 files, 0 B
1 file kept back until --finish
Uploaded and recorded in 2.0 s. When all shards are, --finish ends the release.
`,
    )
  })

  it('says of one that something newer has taken the place of only that, and why', () => {
    const superseded: ShardOutcome = {
      ...outcome,
      result: 'superseded',
      staged: [],
      warnings: [{ code: 'SUPERSEDED', message: 'This is commit a1, and what is live is newer: commit b2.' }],
    }
    expect(renderShardMarkdown(superseded)).toBe(
      `### Shard 3/16 of release <code>4711</code>

- 12 files in its range
- **Warning** (<code>SUPERSEDED</code>): This is commit a1, and what is live is newer&#58; commit b2.

Superseded: nothing was written, since something newer is live or being deployed.
`,
    )
  })
})
