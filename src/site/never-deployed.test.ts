import { describe, expect, it } from 'vitest'
import { isNeverDeployed } from './never-deployed.ts'

describe('isNeverDeployed', () => {
  it.each(['.DS_Store', 'img/.DS_Store', 'Thumbs.db', '.freshfront', 'blog/.freshfront', 'freshfront.json'])(
    '%s stays on disk',
    (path) => {
      expect(isNeverDeployed(path)).toBe(true)
    },
  )

  it.each(['index.html', '.well-known', '.nojekyll', '.htaccess', '.gitignore', 'examples/freshfront.json'])(
    '%s is part of the site',
    (path) => {
      expect(isNeverDeployed(path)).toBe(false)
    },
  )
})
