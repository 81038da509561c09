import { describe, expect, it } from 'vitest'
import { isNeverDeployed } from './never-deployed.ts'

describe('isNeverDeployed', () => {
  it.each([
    '.git',
    'docs/.git',
    '.hg',
    '.svn',
    '.env',
    '.env.production',
    '.envrc',
    'app/.ENV',
    '.DS_Store',
    'img/.DS_Store',
    'Thumbs.db',
    '.freshfront',
    'blog/.freshfront',
    'freshfront.json',
    'server.pem',
    'tls/site.key',
    'id_rsa',
    'backup/id_ed25519',
    'id_ecdsa',
    'id_dsa',
    '.aws',
    '.ssh',
    '.npmrc',
    '.htpasswd',
    '.well-known/server.key',
    '.well-known/id_rsa',
  ])('%s stays on disk', (path) => {
    expect(isNeverDeployed(path)).toBe(true)
  })

  it.each([
    'index.html',
    '.well-known',
    '.well-known/security.txt',
    '.well-known/acme-challenge/x9Kp',
    '.nojekyll',
    '.htaccess',
    '.gitignore',
    'id_rsa.pub',
    'node_modules/lit/index.js',
    'examples/freshfront.json',
    'environment.js',
    'a.key.html',
  ])('%s is part of the site', (path) => {
    expect(isNeverDeployed(path)).toBe(false)
  })
})
