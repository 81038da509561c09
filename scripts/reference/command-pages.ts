// The reference of what is typed: commands with their flags, settings with their variables, exit codes. Pure.

import type { Application } from '@stricli/core'

import type { CliContext } from '../../src/cli/context.ts'
import { readFields } from './read-catalogue.ts'
import { escapeText, makePage, makeTable, showCode } from './markdown.ts'

interface Flag {
  readonly kind: string
  readonly brief: string
  readonly placeholder?: string
  readonly values?: readonly string[]
  readonly variadic?: boolean | string
  readonly withNegated?: boolean
}

interface Positional {
  readonly brief: string
  readonly placeholder?: string
}

export interface CommandReference {
  readonly name: string
  readonly brief: string
  readonly description: string
  readonly flags: Readonly<Record<string, Flag>>
  readonly positional: readonly Positional[]
}

export function listCommands(app: Application<CliContext>): readonly CommandReference[] {
  const { root } = app
  if (!('getAllEntries' in root)) throw new Error('the program has no commands')
  return root.getAllEntries().flatMap(({ name, target }) => {
    if ('getAllEntries' in target) return []
    const { flags = {}, positional } = target.parameters
    return [
      {
        name: name['convert-camel-to-kebab'],
        brief: target.brief,
        description: target.fullDescription ?? '',
        flags: flags as Readonly<Record<string, Flag>>,
        positional:
          positional === undefined
            ? []
            : positional.kind === 'array'
              ? [positional.parameter as Positional]
              : (positional.parameters as readonly Positional[]),
      },
    ]
  })
}

export function makeCommandsPage(commands: readonly CommandReference[]): string {
  const intro =
    'What `freshfront COMMAND --help` says. Every flag that is also a setting has a variable and a key in `freshfront.json`: see [settings](settings.md). ' +
    'A switch may be turned off where `--no-…` is given. A value may follow after a space or `=`.'
  return makePage('Commands and flags', intro, commands.map(describeCommand))
}

function describeCommand({ name, brief, description, flags, positional }: CommandReference): string {
  const [prose = '', examples] = description.split(/\n+EXAMPLES\n/)
  const rows = [
    ...positional.map(({ placeholder = '', brief: meaning }) => [showCode(placeholder), escapeText(meaning)]),
    ...Object.entries(flags).map(([flagName, flag]) => [describeFlag(flagName, flag), escapeText(flag.brief)]),
  ]
  const shown = examples?.replace(/^ {2}/gm, '')
  return [
    `## freshfront ${name}`,
    `${escapeText(brief)}. ${escapeText(prose)}`,
    ...(shown === undefined ? [] : [`\`\`\`sh\n${shown}\n\`\`\``]),
    makeTable(['', 'meaning (default)'], rows),
  ].join('\n\n')
}

function describeFlag(name: string, { kind, placeholder = '', values, withNegated }: Flag): string {
  const kebab = toKebabCase(name)
  if (kind === 'boolean')
    return withNegated === false ? showCode(`--${kebab}`) : `${showCode(`--${kebab}`)}, ${showCode(`--no-${kebab}`)}`
  return showCode(`--${kebab} ${values === undefined ? placeholder.toUpperCase() : values.join('|')}`)
}

interface Schema {
  readonly description?: string
  readonly type?: string
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly string[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
}

/**
 * @param variables of settings, by name: `maxPaths` stands for `invalidation.maxPaths` too
 * @param allVariables every one that the program reads
 */
export function makeSettingsPage(
  schema: Schema,
  variables: Readonly<Record<string, string>>,
  allVariables: readonly string[],
  commands: readonly CommandReference[],
): string {
  const flagNames = new Set(commands.flatMap(({ flags }) => Object.keys(flags)))
  const keys = listKeys(schema, '')
  const entries = keys.map(({ path, type, description }) => {
    const name = path.includes('[]') ? '' : path.replace(/^.*\./, '')
    const variable = variables[name]
    const names = [
      type,
      ...(variable === undefined ? [] : [showCode(variable)]),
      ...(flagNames.has(name) ? [showCode(`--${toKebabCase(name)}`)] : []),
    ]
    return `### ${showCode(path)}\n\n${names.join(' · ')}\n\n${escapeText(description)}`
  })
  const named = new Set(keys.map(({ path }) => variables[path.replace(/^.*\./, '')]))
  const others = allVariables
    .filter((variable) => !named.has(variable))
    .map((variable) => {
      const flag = variable.replace('FRESHFRONT_', '').toLowerCase().replaceAll('_', '-')
      const brief = commands.map(({ flags }) => flags[toCamelCase(flag)]?.brief).find((text) => text !== undefined)
      return [
        showCode(variable),
        brief === undefined ? '' : showCode(`--${flag}`),
        escapeText(brief ?? 'Show where an unexpected error came from'),
      ]
    })
  return makePage(
    'Settings and variables',
    'A flag wins over its variable, that over the key in `freshfront.json`, and that over the default. `freshfront plan` shows where each value came from. ' +
      'Lists in variables are separated by commas (`FRESHFRONT_IGNORE`: by line breaks), switches are `1`, `0`, `true` or `false`; an empty variable counts as not set. ' +
      'A name that does not exist is refused when it looks like one of these. The file may say `"$schema": "./node_modules/freshfront/schema.json"`, so that editors know it.',
    [
      '## Keys',
      ...entries,
      `## Variables that are no keys\n\n${makeTable(['variable', 'flag', 'meaning'], others)}`,
      '## Variables of others\n\nCredentials, profiles, regions and endpoints are found as the AWS CLI finds them: `AWS_PROFILE`, `AWS_REGION`, `AWS_ENDPOINT_URL_S3`, ' +
        '`AWS_ENDPOINT_URL_CLOUDFRONT` and the rest. `GITHUB_SHA` names the release where nothing else does. `NO_COLOR` is obeyed.',
    ],
  )
}

function listKeys(
  schema: Schema,
  path: string,
): readonly { readonly path: string; readonly type: string; readonly description: string }[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const own = `${path}${name}`
    const below =
      value.items?.properties === undefined ? listKeys(value, `${own}.`) : listKeys(value.items, `${own}[].`)
    return [{ path: own, type: describeValue(value), description: value.description ?? '' }, ...below]
  })
}

function describeValue({ type, anyOf, enum: words, items }: Schema): string {
  if (words !== undefined) return words.map((word) => showCode(word)).join(', ')
  if (anyOf !== undefined) return anyOf.map(describeValue).join(' or ')
  if (type === 'array') return `list of ${items === undefined ? 'anything' : describeValue(items)}`
  const names: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', boolean: 'true or false' }
  return names[type ?? ''] ?? type ?? 'anything'
}

/** @param source src/cli/exit-codes.ts, whose comments say what each number means */
export function makeExitCodesPage(source: string): string {
  const start = source.indexOf('{', source.indexOf('= ', source.indexOf('export const exitCodes')))
  const rows = [...source.slice(start).matchAll(/\/\*\* (.+?) \*\/\n\s*(\w+): (\d+)/g)].map(
    ({ 1: meaning = '', 2: name = '', 3: number = '' }) => [showCode(number), escapeText(name), escapeText(meaning)],
  )
  const known = readFields(source.slice(start))
  if (rows.length === 0 || known.size !== rows.length) throw new Error('an exit code has no comment')
  return makePage(
    'Exit codes',
    'Scripts and CI jobs may rely on these. `freshfront plan` and `--dry-run` end with 0 when there is a plan, whatever it holds. The class of an error says which code it ends with: see [errors](errors.md).',
    [makeTable(['code', 'class', 'meaning'], rows)],
  )
}

function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function toCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
