import { describe, expect, it } from 'vitest'
import { confirmFingerprints } from './fingerprint-evidence.ts'

const file = (key: string, sha256: string, md5 = 'x') => ({ key, sha256, md5 })
const recorded = (objects: Readonly<Record<string, string>>) =>
  new Map(Object.entries(objects).map(([key, sha256]) => [key, { sha256 }]))

describe('a fingerprinted name is confirmed', () => {
  it('when the name changed as the bytes did', () => {
    const isBound = confirmFingerprints({
      files: [file('assets/site-BvQ2y7aL.css', 'new')],
      recorded: recorded({ 'assets/site-C_-x9aBc.css': 'old' }),
    })
    expect(isBound('assets/site-BvQ2y7aL.css')).toBe(true)
    expect(isBound('assets/site-C_-x9aBc.css')).toBe(true)
  })

  it('when it holds the SHA-256 or the MD5 of the bytes', () => {
    const sha256 = '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945'
    const md5 = '3f2a91c0b2d4e5f6071829304a5b6c7d'
    const files = [file(`css/main.min.${sha256}.css`, sha256), file('main.3f2a91c0.js', 'unlike', md5)]
    const isBound = confirmFingerprints({ files, recorded: new Map() })
    expect(files.map(({ key }) => isBound(key))).toEqual([true, true])
  })
})

describe('a fingerprinted name is not confirmed', () => {
  it.each([
    ['by its look alone', { 'app-4QTVJX2M.js': 'a' }, {}],
    ['when its bytes changed under it', { 'app-4QTVJX2M.js': 'b', 'app-5QTVJX2M.js': 'c' }, { 'app-4QTVJX2M.js': 'a' }],
    ['when the name changes with every build', { 'app-5QTVJX2M.js': 'a' }, { 'app-4QTVJX2M.js': 'a' }],
    ['when it looks like no hash', { 'app.js': 'a' }, { 'app2.js': 'b' }],
    ['when only its folder is of one build', { '_next/static/Kx3Yh2d9_aBcDeFgHiJkL/_buildManifest.js': 'a' }, {}],
  ])('%s', (_, now, before) => {
    const files = Object.entries(now as Record<string, string>).map(([key, sha256]) => file(key, sha256))
    const isBound = confirmFingerprints({ files, recorded: recorded(before) })
    expect(files.filter(({ key }) => isBound(key))).toEqual([])
  })

  it('by what another family of names did', () => {
    const files = [file('a-BvQ2y7aL.js', '1'), file('b-CvQ2y7aL.js', '2')]
    const isBound = confirmFingerprints({ files, recorded: recorded({ 'a-DvQ2y7aL.js': '3' }) })
    expect(files.map(({ key }) => isBound(key))).toEqual([true, false])
  })
})
