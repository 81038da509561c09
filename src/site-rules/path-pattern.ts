// The patterns of `_headers` and `_redirects`: URL paths in which `*` stands for any text and `:name` for one segment. Pure.

export interface PathPattern {
  /** A regular expression, flag `u`, over a decoded path. */
  readonly source: string
  /** What each of its groups holds: the name of a placeholder, `splat` for the last `*`, `""` for one that nobody asks for. */
  readonly groups: readonly string[]
}

/** In a pattern or a target: `:slug`. */
export const PLACEHOLDER: RegExp = /:([A-Za-z]\w*)/gu

/**
 * `/blog/*` also stands for `/blog`, as on Netlify. Percent-encoded characters mean what they encode.
 *
 * @returns an expression that is linear in the length of the path for one `*`, and for several never gives back what one of them matched
 * @see Netlify docs, "Redirect options": splats and placeholders; Cloudflare Pages docs, "Headers"
 */
export function readPathPattern(pattern: string): PathPattern {
  const groups: string[] = []
  const [first = '', ...rest] = decodePath(pattern).split(/\*+/u)
  let source = `^${pieceSource(first, groups)}`
  const last = rest.pop()
  if (last === undefined) return { source: `${source}$`, groups }
  for (const middle of rest) {
    groups.push('')
    const group = groups.length
    source += `(?=([\\s\\S]*?${pieceSource(middle, groups)}))\\${group}`
  }
  groups.push('splat')
  if (last === '' && source.endsWith('\\/')) source = `${source.slice(0, -2)}(?:\\/([\\s\\S]*))?`
  else source += `([\\s\\S]*)${pieceSource(last, groups)}`
  return { source: `${source}$`, groups }
}

/** @returns whether the pattern stands for the decoded path */
export function compilePathPattern(pattern: string): (path: string) => boolean {
  const regExp = new RegExp(readPathPattern(pattern).source, 'u')
  return (path) => regExp.test(path)
}

/** The paths under which a file of the site is usually asked for: `blog/index.html` → itself, `/blog/` and `/blog`. */
export function pathsOfFile(file: string): readonly string[] {
  const path = `/${file}`
  const folder = /^(.*\/)index\.html?$/u.exec(path)?.[1]
  if (folder !== undefined) return [...new Set([path, folder, folder.replace(/(?<=.)\/$/u, '')])]
  return path.endsWith('.html') ? [path, path.slice(0, -'.html'.length)] : [path]
}

/** @returns the path as it is where its percent signs encode nothing */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function pieceSource(piece: string, groups: string[]): string {
  return piece
    .split(PLACEHOLDER)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`)
      groups.push(part)
      return '([^\\/]+)'
    })
    .join('')
}
