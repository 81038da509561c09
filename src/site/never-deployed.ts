// What lies in a built folder by accident and must not reach a public bucket: repositories, secrets, private keys, the system's litter.

/** Names in lower case that are left out wherever they are, files and folders alike. */
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
  '.ds_store',
  'thumbs.db',
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ed25519',
  'id_ecdsa_sk',
  'id_ed25519_sk',
  // Freshfront's own state in the bucket has this name; a file of the site must never overwrite it.
  '.freshfront',
])

/** Private keys, and the stores that programs keep them in. */
const PRIVATE_KEY_EXTENSION = /\.(?:pem|key|p12|pfx|ppk|jks|kdbx)$/u

/**
 * Whether a file or folder stays on disk whatever the filters say. Upper and lower case are the same, as on the disks of Windows
 * and macOS. `.well-known` is deployed like any folder; a private key does not become public by lying in it, so the names are the
 * same there.
 *
 * @param relativePath of a file or folder, below the folder that is deployed, with `/`
 */
export function isNeverDeployed(relativePath: string): boolean {
  if (relativePath === 'freshfront.json') return true
  const name = relativePath.slice(relativePath.lastIndexOf('/') + 1).toLowerCase()
  return NAMES.has(name) || name.startsWith('.env') || PRIVATE_KEY_EXTENSION.test(name)
}
