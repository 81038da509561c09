import { describe, expect, it } from 'vitest'
import type { ChurnReport } from '../model.ts'
import { renderChurn } from './churn-text.ts'

const churn: ChurnReport = {
  changedPages: 1412,
  ofPages: 1415,
  sampled: 20,
  explained: 20,
  shapes: [
    {
      shape: '<meta name="build" …>',
      pages: 20,
      example: { key: 'a.html', before: '<meta name="build" content="1">', after: '<meta name="build" content="2">' },
    },
  ],
}

describe('renderChurn', () => {
  it('says what to write into freshfront.json, so that it can be copied', () => {
    expect(renderChurn({ ...churn, ignore: ['<meta name="build"[^>]*>'] }, 100)).toEqual([
      '1,412 of 1,415 pages changed; 20 of 20 compared differ only in <meta name="build" …>.',
      '  To keep such pages as they are while nothing else in them changes, in freshfront.json:',
      '    "ignore": ["<meta name=\\"build\\"[^>]*>"]',
    ])
  })

  it('shows an example where there is nothing to recommend', () => {
    expect(renderChurn(churn, 200)[1]).toBe(
      '  In a.html it was <meta name="build" content="1"> and is <meta name="build" content="2">.',
    )
  })

  it('says so where the pages have nothing in common', () => {
    expect(renderChurn({ ...churn, explained: 0, shapes: [] }, 100)).toEqual([
      '1,412 of 1,415 pages changed, and not all in the same way (20 compared).',
    ])
  })

  it('spells out what a terminal would obey', () => {
    const example = { key: 'a\u001b.html', before: '', after: 'x\u001b[2J\ny' }
    const lines = renderChurn({ ...churn, shapes: [{ shape: 'added \u001b[2J…', pages: 20, example }] }, 200)
    expect(lines.join('\n')).not.toContain('\u001b')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/it was nothing and is/)
  })
})
