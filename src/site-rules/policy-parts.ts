// The headers that a response headers policy knows by name: security and CORS. Pure.

export interface SetHeader {
  readonly name: string
  readonly value: string
}

export interface PolicyPart {
  readonly config: Readonly<Record<string, unknown>> | undefined
  /** In lower case, of the headers that are in this part and nowhere else. */
  readonly names: readonly string[]
  /** Values that the part cannot have. */
  readonly remarks: readonly string[]
}

const REFERRER_POLICIES =
  /^(?:no-referrer|no-referrer-when-downgrade|origin|origin-when-cross-origin|same-origin|strict-origin|strict-origin-when-cross-origin|unsafe-url)$/u

/** By header: the name of its part, and its form; undefined where the value has no place in it. */
const SECURITY: Readonly<
  Record<string, readonly [part: string, (value: string) => Record<string, unknown> | undefined]>
> = {
  'content-security-policy': ['ContentSecurityPolicy', (value) => ({ ContentSecurityPolicy: value })],
  'x-content-type-options': ['ContentTypeOptions', (value) => (/^nosniff$/iu.test(value) ? {} : undefined)],
  'x-frame-options': [
    'FrameOptions',
    (value) => (/^(?:deny|sameorigin)$/iu.test(value) ? { FrameOption: value.toUpperCase() } : undefined),
  ],
  'referrer-policy': [
    'ReferrerPolicy',
    (value) => (REFERRER_POLICIES.test(value.toLowerCase()) ? { ReferrerPolicy: value.toLowerCase() } : undefined),
  ],
  'strict-transport-security': ['StrictTransportSecurity', toTransportSecurity],
  'x-xss-protection': ['XSSProtection', toXssProtection],
}

/** @see CloudFront API Reference, ResponseHeadersPolicySecurityHeadersConfig */
export function toSecurityConfig(headers: readonly SetHeader[]): PolicyPart {
  const known = headers.filter(({ name }) => Object.hasOwn(SECURITY, name.toLowerCase()))
  const config: Record<string, unknown> = {}
  const remarks: string[] = []
  for (const { name, value } of known) {
    const [part, toForm] = SECURITY[name.toLowerCase()] ?? ['', () => undefined]
    const form = toForm(value.trim())
    if (form === undefined) remarks.push(`A response headers policy cannot say ${name}: ${value}.`)
    else config[part] = { Override: true, ...form }
  }
  return {
    config: Object.keys(config).length === 0 ? undefined : config,
    names: known.map(({ name }) => name.toLowerCase()),
    remarks,
  }
}

/**
 * CloudFront adds these to answers to requests that have an Origin header. What a policy must have and nobody said is as open as the
 * origins that were named.
 *
 * @see CloudFront API Reference, ResponseHeadersPolicyCorsConfig
 */
export function toCorsConfig(headers: readonly SetHeader[]): PolicyPart {
  const cors = new Map(
    headers
      .filter(({ name }) => name.toLowerCase().startsWith('access-control-'))
      .map(({ name, value }) => [name.toLowerCase(), value]),
  )
  const names = [...cors.keys()]
  const items = (name: string): readonly string[] | undefined =>
    cors
      .get(`access-control-${name}`)
      ?.split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  const origins = items('allow-origin')
  if (origins === undefined) {
    const remarks = names.length === 0 ? [] : [`${names.join(', ')} without access-control-allow-origin are left out.`]
    return { config: undefined, names, remarks }
  }
  const exposed = items('expose-headers')
  const maxAge = cors.get('access-control-max-age')
  return {
    config: {
      AccessControlAllowOrigins: toItems(origins),
      AccessControlAllowHeaders: toItems(items('allow-headers') ?? ['*']),
      AccessControlAllowMethods: toItems(items('allow-methods') ?? ['GET', 'HEAD']),
      AccessControlAllowCredentials: cors.get('access-control-allow-credentials') === 'true',
      ...(exposed !== undefined && { AccessControlExposeHeaders: toItems(exposed) }),
      ...(maxAge !== undefined && /^\d+$/u.test(maxAge) && { AccessControlMaxAgeSec: Number(maxAge) }),
      OriginOverride: true,
    },
    names,
    remarks: [],
  }
}

function toItems(items: readonly string[]): Record<string, unknown> {
  return { Quantity: items.length, Items: items }
}

/** @see RFC 6797 §6.1 */
function toTransportSecurity(value: string): Record<string, unknown> | undefined {
  const seconds = /(?:^|;)\s*max-age\s*=\s*"?(\d+)"?/iu.exec(value)?.[1]
  if (seconds === undefined) return undefined
  return {
    AccessControlMaxAgeSec: Number(seconds),
    IncludeSubdomains: /(?:^|;)\s*includeSubDomains\b/iu.test(value),
    Preload: /(?:^|;)\s*preload\b/iu.test(value),
  }
}

function toXssProtection(value: string): Record<string, unknown> | undefined {
  const [, protects, rest = ''] = /^([01])\s*(;.*)?$/u.exec(value) ?? []
  if (protects === undefined) return undefined
  const report = /report\s*=\s*(\S+)/iu.exec(rest)?.[1]
  return {
    Protection: protects === '1',
    ...(/mode\s*=\s*block/iu.test(rest) && { ModeBlock: true }),
    ...(report !== undefined && { ReportUri: report }),
  }
}
