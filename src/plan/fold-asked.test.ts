import { describe, expect, it } from 'vitest'
import { foldBlindly } from './fold-asked.ts'

describe('foldBlindly', () => {
  it('leaves few enough as they are', () => {
    expect(foldBlindly(['/a', '/b/*'], 2)).toEqual(['/a', '/b/*'])
  })

  it('folds the deepest folder first, whole or by its names, and everything only into one', () => {
    const items = ['/about', '/blog/2024/a', '/blog/2024/b', '/blog/2024/c', '/blog/x', '/docs/*']
    expect(foldBlindly(items, 5)).toEqual(['/about', '/blog/2024/*', '/blog/x', '/docs/*'])
    expect(foldBlindly(items, 3)).toEqual(['/about', '/blog/*', '/docs/*'])
    expect(foldBlindly(items, 1)).toEqual(['/*'])
  })

  it('folds a folder of many paths before two folders of few', () => {
    const many = Array.from({ length: 40 }, (_, number) => `/posts/${10 + number}`)
    expect(foldBlindly([...many, '/a/1', '/a/2', '/b/1', '/b/2'], 5)).toEqual([
      '/a/1',
      '/a/2',
      '/b/1',
      '/b/2',
      '/posts/*',
    ])
  })

  it('keeps a prefix that was asked for', () => {
    expect(foldBlindly(['/a/*', '/b/1', '/b/2'], 2)).toEqual(['/a/*', '/b/*'])
  })
})
