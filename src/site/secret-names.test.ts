import { describe, expect, it } from 'vitest'
import { isSecretName } from './secret-names.ts'

describe('isSecretName', () => {
  it.each(['.git', '.hg', '.svn', '.aws', '.ssh', '.env', '.ENV', '.env.production', '.envrc', 'server.pem'])(
    '%s is a secret, file or folder',
    (name) => {
      expect([isSecretName(name, 'file'), isSecretName(name, 'folder')]).toEqual([true, true])
    },
  )

  it.each([
    'site.key',
    'id_rsa',
    'id_ed25519',
    'id_ecdsa_sk',
    'id_github',
    '.npmrc',
    '.htpasswd',
    '.netrc',
    'Site.P12',
  ])('%s is a secret file', (name) => {
    expect(isSecretName(name, 'file')).toBe(true)
  })

  it.each([
    'index.html',
    '.well-known',
    'security.txt',
    '.nojekyll',
    '.htaccess',
    '.gitignore',
    '.github',
    'id_rsa.pub',
    'id_card.html',
    'environment.js',
    'a.key.html',
  ])('%s is part of the site', (name) => {
    expect([isSecretName(name, 'file'), isSecretName(name, 'folder')]).toEqual([false, false])
  })

  it('a folder of translations into Indonesian is no private key', () => {
    expect(isSecretName('id_ID', 'folder')).toBe(false)
  })
})
