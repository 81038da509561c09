// What is known of a project before anything of it is run: names of files, and what its settings say. Data, and the small
// readers of the formats that generators keep their settings in. Pure: these find what is written plainly, and guess at nothing.

export interface Project {
  /** Below its folder, with `/`: those of the root, and of a few folders where generators keep settings or put sites. */
  readonly names: readonly string[]
  /** What is in those that say something. */
  readonly texts: Readonly<Record<string, string>>
}

export interface PackageJson {
  readonly scripts: Readonly<Record<string, string>>
  /** Of all kinds: `{ astro: '^5.0.0' }`. */
  readonly dependencies: Readonly<Record<string, string>>
  readonly packageManager?: string
}

export function readPackageJson({ texts }: Project): PackageJson {
  const content = parseObject(texts['package.json'] ?? '{}')
  const { packageManager } = content
  return {
    scripts: stringsOf(content['scripts']),
    dependencies: { ...stringsOf(content['devDependencies']), ...stringsOf(content['dependencies']) },
    ...(typeof packageManager === 'string' && { packageManager }),
  }
}

/** @returns `{}` for what is no JSON object: a project may have mistakes that are not ours to report */
export function parseObject(json: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(json.replace(/^\uFEFF/u, '')))
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** The files whose name, without folder, matches. */
export function findFiles({ names }: Project, pattern: RegExp): readonly string[] {
  return names.filter((name) => pattern.test(name))
}

/** The text of the first file that matches; `''` without one. */
export function textOf(project: Project, pattern: RegExp): string {
  const name = findFiles(project, pattern).find((each) => project.texts[each] !== undefined)
  return name === undefined ? '' : (project.texts[name] ?? '')
}

/** `outDir: 'build'` in JavaScript or TypeScript; the last one counts, comments do not. */
export function readScriptSetting(text: string, key: string): string | undefined {
  const bare = text.replace(/\/\*[^]*?\*\//gu, '').replace(/(^|[\s,;{}()])\/\/[^\n]*/gu, '$1')
  const found = [...bare.matchAll(new RegExp(`["']?\\b${key}\\b["']?\\s*[:=]\\s*(["'\`])([^"'\`$\\\\\\n]+)\\1`, 'gu'))]
  return found.at(-1)?.[2]
}

/** `key: value` at the beginning of a line of YAML, or `key = "value"` of TOML. */
export function readPlainSetting(text: string, key: string): string | undefined {
  const line = new RegExp(`^["']?${key}["']?[ \\t]*[:=][ \\t]*(["']?)([^"'#\\n]+?)\\1[ \\t]*(?:#.*)?$`, 'imu')
  return line.exec(text)?.[2]?.trim()
}

/** `--out-dir build` or `--out-dir=build` in a script of package.json. */
export function readFlagOf(script: string, flags: readonly string[]): string | undefined {
  const names = flags.map((flag) => flag.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')).join('|')
  return new RegExp(`(?:^|\\s)(?:${names})(?:=|\\s+)["']?([^\\s"'&|;$-][^\\s"'&|;$]*)`, 'u').exec(script)?.[1]
}

function stringsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asObject(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
