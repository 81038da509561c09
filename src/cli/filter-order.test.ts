import { describe, expect, it } from 'vitest'

import { readFilterOrder } from './filter-order.ts'

describe('readFilterOrder', () => {
  it('keeps includes and excludes in the order in which they were typed', () => {
    const argv = ['deploy', '--exclude', '*', '--include=*.html', '--yes', '--exclude', 'drafts/*', 'public']
    expect(readFilterOrder(argv)).toEqual([
      { kind: 'exclude', pattern: '*' },
      { kind: 'include', pattern: '*.html' },
      { kind: 'exclude', pattern: 'drafts/*' },
    ])
  })

  it('takes everything after the equals sign, line breaks and equals signs too', () => {
    expect(readFilterOrder(['--exclude=a=b\nc', '--exclude='])).toEqual([
      { kind: 'exclude', pattern: 'a=b\nc' },
      { kind: 'exclude', pattern: '' },
    ])
  })

  it('stops at --, after which all are arguments', () => {
    expect(readFilterOrder(['--include', 'a', '--', '--exclude', 'b'])).toEqual([{ kind: 'include', pattern: 'a' }])
  })
})
