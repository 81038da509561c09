import { describe, expect, it } from 'vitest'
import { renderOutcomeJson } from './json.ts'
import { freshOutcome, idleOutcome, planOf } from '../../test/fakes/outcomes.ts'

describe('renderOutcomeJson', () => {
  it('prints the document that other programs rely on', () => {
    const outcome = freshOutcome({
      plan: planOf({
        settleSeconds: 10,
        kept: [
          {
            key: 'app.3f2a91c0.js',
            leftIn: '2026-11-22T05-14-49Z-0a1b2c',
            leftAt: '2026-11-22T05:14:49.000Z',
            releases: 2,
          },
        ],
        foreign: ['cv.pdf'],
        warnings: [{ code: 'NO_STATE', message: 'First deploy.' }],
      }),
      failures: [{ what: 'record', code: 'ACCESS_DENIED', message: 'No.' }],
    })
    expect(renderOutcomeJson(outcome)).toBe(`{
  "formatVersion": 1,
  "release": "2026-11-23T05-14-49Z-1f3a9c",
  "bucket": "my-site",
  "prefix": "",
  "result": "fresh",
  "uploads": [
    {
      "key": "app.3f9a1c.js",
      "reason": "new",
      "sizeBytes": 51200,
      "wave": 1
    },
    {
      "key": "blog/index.html",
      "reason": "bytes changed",
      "sizeBytes": 420,
      "wave": 2
    }
  ],
  "removals": [
    {
      "key": "old.html",
      "reason": "no longer in the site"
    }
  ],
  "kept": [
    {
      "key": "app.3f2a91c0.js",
      "leftIn": "2026-11-22T05-14-49Z-0a1b2c",
      "leftAt": "2026-11-22T05:14:49.000Z"
    }
  ],
  "keptByRule": [],
  "unchanged": 412,
  "invalidations": [
    {
      "distribution": "E2QWRUHAPOMQZL",
      "items": [
        {
          "item": "/blog/",
          "reasons": [
            "blog/index.html: bytes changed",
            "blog/index.html is the default root object"
          ]
        },
        {
          "item": "/old.html",
          "reasons": [
            "old.html: removed"
          ]
        }
      ],
      "id": "I2J0I21PCUYOIK",
      "status": "Completed"
    }
  ],
  "cost": {
    "paths": 2,
    "evicts": 0,
    "isWhole": false,
    "freeLeft": 1000,
    "allowed": 250,
    "allowedBy": "the month",
    "priceUsd": 0,
    "exactPaths": {
      "paths": 4,
      "priceUsd": 0
    },
    "everything": {
      "paths": 1,
      "evicts": 412,
      "priceUsd": 0
    }
  },
  "settleSeconds": 10,
  "foreign": [
    "cv.pdf"
  ],
  "warnings": [
    {
      "code": "NO_STATE",
      "message": "First deploy."
    }
  ],
  "refusals": [],
  "failures": [
    {
      "what": "record",
      "code": "ACCESS_DENIED",
      "message": "No."
    }
  ],
  "requests": {
    "put": 4,
    "copy": 0,
    "list": 1,
    "head": 0,
    "get": 0,
    "delete": 2,
    "readDistribution": 0,
    "createInvalidation": 1,
    "readInvalidation": 2
  },
  "seconds": 6.21
}
`)
  })

  it('takes the invalidations and the requests of a plan from the plan, without id and status', () => {
    const document: unknown = JSON.parse(renderOutcomeJson(idleOutcome('planned', planOf())))
    expect(document).toMatchObject({
      result: 'planned',
      invalidations: [
        {
          distribution: 'E2QWRUHAPOMQZL',
          items: [{ item: '/blog/' }, { item: '/old.html', reasons: ['old.html: removed'] }],
        },
      ],
      requests: { put: 4, list: 1, delete: 2, createInvalidation: 1 },
    })
    expect(document).not.toHaveProperty(['invalidations', 0, 'id'])
    expect(document).not.toHaveProperty(['invalidations', 0, 'status'])
  })

  it('shows what was refused, why, and what was sent until then', () => {
    const refusal = { code: 'TOO_MANY_REMOVALS', message: 'Too many.', fix: 'Use --yes.', confirmable: true }
    const document: unknown = JSON.parse(renderOutcomeJson(idleOutcome('refused', planOf({ refusals: [refusal] }))))
    expect(document).toMatchObject({
      result: 'refused',
      refusals: [refusal],
      invalidations: [{ distribution: 'E2QWRUHAPOMQZL' }],
      requests: { put: 0, list: 1 },
    })
  })

  it('lists what is ignored, and what changed in most pages', () => {
    const example = { key: 'a.html', before: '<p>1</p>', after: '<p>2</p>' }
    const churn = {
      changedPages: 12,
      ofPages: 14,
      sampled: 12,
      explained: 11,
      shapes: [{ shape: '<p>…</p>', pages: 12, example }],
      ignore: ['<p>[^<]*</p>'],
    }
    const document: unknown = JSON.parse(
      renderOutcomeJson(freshOutcome({ plan: planOf({ ignored: ['b.html'] }), churn })),
    )
    expect(document).toMatchObject({ ignored: ['b.html'], churn })
  })
})
