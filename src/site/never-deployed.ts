// What lies in a built folder by accident and is of no use in a bucket: the system's litter and Freshfront's own files.

/** Names in lower case that are left out wherever they are, files and folders alike. */
const NAMES: ReadonlySet<string> = new Set([
  '.ds_store',
  'thumbs.db',
  // Freshfront's own state in the bucket has this name; a file of the site must never overwrite it.
  '.freshfront',
])

/**
 * Whether a file or folder stays on disk whatever the filters say. Upper and lower case are the same, as on the disks of Windows
 * and macOS. Secrets are another matter, which stops the deploy: see secret-names.ts.
 *
 * @param relativePath of a file or folder, below the folder that is deployed, with `/`
 */
export function isNeverDeployed(relativePath: string): boolean {
  if (relativePath === 'freshfront.json') return true
  return NAMES.has(relativePath.slice(relativePath.lastIndexOf('/') + 1).toLowerCase())
}
