// Which paths does each peer invalidate? Re-computed in our own words from reading and running the tools; no code of theirs is here.
// Each tool is taken with the options its documentation starts with, and with the one that makes it delete what is gone.

/** Keys as they are in the bucket, in byte order. */
export interface Changes {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

export interface Served {
  /** What the tool was told to put before each key: `""`, or ends with `/`. */
  readonly prefix: string
  /** The index document, where the bucket is a website. */
  readonly websiteIndex: string | undefined
  /** The tool was told these distributions, the main one first. */
  readonly distributions: readonly { readonly originPath: string }[]
}

export interface Peer {
  readonly name: string
  /** Whether it uploads a file whose bytes are in the bucket already, only with other headers. */
  readonly seesHeaders: boolean
  /** @returns for each distribution the items of one CreateInvalidation; no list or an empty one: it makes none */
  planPaths(changes: Changes, served: Served): readonly (readonly string[])[]
}

/**
 * bep/s3deploy, commit e5e7595 (2026-04-09): what was put or deleted; `…index.html` becomes its directory, and only that; more than eight
 * are folded two directories up, deepest first. The list that one distribution got is where the next one starts.
 */
const s3deploy: Peer = {
  name: 's3deploy',
  seesHeaders: false,
  planPaths({ added, changed, removed }, { prefix, distributions }) {
    let paths: string[] = [...added, ...changed, ...removed]
    if (paths.length === 0) return []
    return distributions.map(({ originPath }) => {
      const told = prefix.replaceAll(/^\/|\/$/gu, '')
      const origin = originPath.replaceAll(/^\/|\/$/gu, '')
      const trimmed = origin === told ? told : withoutPrefix(origin, told)
      const root = `/${origin === '' && told === '' ? '' : withoutPrefix(told, origin)}`.replace(/^\/+/u, '/')
      paths = foldTwoUp(
        paths.map((path) => toDirectory(withoutPrefix(path, trimmed))),
        root === '/' ? '/*' : `${root}/*`,
      )
      return paths.map((path) => percentEncode(path, /[^A-Za-z0-9$\-_.+!*'(),/:@=&]/gu))
    })
  },
}

const MAX_S3DEPLOY_PATHS = 8

function toDirectory(path: string): string {
  const absolute = `/${path}`.replaceAll(/\/{2,}/gu, '/')
  const cleaned = absolute === '/' ? '/' : absolute.replace(/\/$/u, '')
  return cleaned.endsWith('index.html') ? cleaned.slice(0, cleaned.lastIndexOf('/') + 1) : cleaned
}

function foldTwoUp(all: readonly string[], everything: string): string[] {
  const depthOf = (path: string): number => path.split('/').length - 1
  let paths = [...new Set(all)].toSorted()
  // The depth is taken before index.html is cut off.
  for (let depth = Math.max(...paths.map(depthOf)); paths.length > MAX_S3DEPLOY_PATHS && depth > 0; depth -= 1) {
    const folded = paths.map((path) => {
      if (depthOf(path) <= depth) return path
      const directories = path.slice(1, path.lastIndexOf('/')).split('/')
      return `/${(directories.length > 1 ? directories.slice(0, -1) : directories).join('/')}/*`
    })
    paths = [...new Set(folded)]
  }
  return paths.length > MAX_S3DEPLOY_PATHS || paths.includes(everything) ? [everything] : paths
}

/**
 * deploy-aws-s3-cloudfront 3.8.0 (7821bc0, 2022-11-14): modified and deleted, not added; the key as `encodeURIComponent` writes it and
 * `~ ! ' ( ) *` encoded as well, slashes left. One distribution, nothing is folded.
 */
const deployAwsS3CloudFront: Peer = {
  name: 'deploy-aws-s3-cloudfront',
  seesHeaders: false,
  planPaths: ({ changed, removed }) => [
    [...changed, ...removed].map((key) => `/${percentEncode(key, /[^A-Za-z0-9\-_./]/gu)}`),
  ],
}

/**
 * s3cmd sync --delete-removed --cf-invalidate, commit cee84f9 (2025-10-23): what was uploaded, not what was deleted; where the bucket is a
 * website its index document gives way to the directory. Keys as they are, unencoded, to every distribution of the bucket.
 */
const s3cmd: Peer = {
  name: 's3cmd',
  seesHeaders: false,
  planPaths({ added, changed }, { websiteIndex, distributions }) {
    const paths = [...added, ...changed].map((key) => {
      const isIndex = websiteIndex !== undefined && (key === websiteIndex || key.endsWith(`/${websiteIndex}`))
      return isIndex ? `/${key.slice(0, -websiteIndex.length)}` : `/${key}`
    })
    return distributions.map(() => paths)
  },
}

/** hugo deploy, commit 7b5199f (2026-08-20): everything, once it has uploaded or deleted anything. One distribution for a target. */
const hugoDeploy: Peer = {
  name: 'hugo deploy',
  seesHeaders: false,
  planPaths: ({ added, changed, removed }) => [added.length + changed.length + removed.length > 0 ? ['/*'] : []],
}

/**
 * s3_website, commit 292a9e3 (2023-03-23), with the `cloudfront_wildcard_invalidation: true` of its configuration template: everything, once
 * a file was updated or deleted. New files are left out on purpose.
 */
const s3Website: Peer = {
  name: 's3_website',
  seesHeaders: false,
  planPaths: ({ changed, removed }) => [changed.length + removed.length > 0 ? ['/*'] : []],
}

/**
 * The same without that setting, which is what the code does by default: each updated or deleted key, and `/` if one of them has no
 * directory. What a URI cannot hold is encoded, and `'`; `~` stays.
 */
const s3WebsiteByPath: Peer = {
  name: 's3_website, by path',
  seesHeaders: false,
  planPaths({ changed, removed }) {
    const keys = [...changed, ...removed]
    const paths = keys.map((key) => `/${percentEncode(key, /[^\x21-\x7E]|['"#%<>?[\\\]^`{|}]/gu)}`)
    return [keys.some((key) => !key.includes('/')) ? [...paths, '/'] : paths]
  },
}

/**
 * `aws s3 sync --delete` and then `aws cloudfront create-invalidation --paths '/*'`, once for each distribution: everything, every time.
 * sync goes by size and time, and a build in CI writes every file anew, so that it uploads all of them, with the headers of now.
 */
const syncAndWildcard: Peer = {
  name: '`aws s3 sync` + `/*`',
  seesHeaders: true,
  planPaths: (_changes, { distributions }) => distributions.map(() => ['/*']),
}

export const peers: readonly Peer[] = [
  s3deploy,
  deployAwsS3CloudFront,
  s3cmd,
  hugoDeploy,
  s3Website,
  s3WebsiteByPath,
  syncAndWildcard,
]

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

/** Each character that matches, by its UTF-8 bytes. */
function percentEncode(text: string, encoded: RegExp): string {
  return text.replaceAll(encoded, (char) => Buffer.from(char).toString('hex').toUpperCase().replaceAll(/../gu, '%$&'))
}
