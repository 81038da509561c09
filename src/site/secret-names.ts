// Files and folders whose names say that they are not for the public: repositories, credentials, private keys.

/** In lower case, files and folders alike: in a linked worktree or a submodule `.git` is a file. */
const NAMES: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.aws',
  '.ssh',
  '.npmrc',
  '.htpasswd',
  '.netrc',
  '.pgpass',
  '.git-credentials',
])

/** Private keys, and the stores that programs keep them in. */
const PRIVATE_KEY_EXTENSION = /\.(?:pem|key|p12|pfx|ppk|jks|kdbx)$/u

/**
 * What ssh-keygen calls private keys; `id_rsa.pub` is the public one. A key that was renamed with a dot in it is known by its content, as
 * are pages such as `id_card.html` for what they are.
 */
const SSH_KEY = /^id_[^.]+$/u

/**
 * Whether a name alone makes a file, or all that is in a folder, a secret. Upper and lower case are the same, as on the disks of Windows
 * and macOS. `.well-known` is a folder like any other; a private key does not become public by lying in it, so the names are the same
 * there.
 *
 * @param name the last part of a path
 */
export function isSecretName(name: string, kind: 'file' | 'folder'): boolean {
  const lowerCase = name.toLowerCase()
  if (NAMES.has(lowerCase) || lowerCase.startsWith('.env') || PRIVATE_KEY_EXTENSION.test(lowerCase)) return true
  // A folder may be a language: `id_ID`.
  return kind === 'file' && SSH_KEY.test(lowerCase)
}
