// How long may a shared cache keep a response, by the response's own word? Pure.

/** Stored headers that say how long. */
export interface FreshnessHeaders {
  readonly cacheControl?: string
  readonly expires?: string
}

/**
 * The lifetime that a response asks shared caches for: `s-maxage`, else `max-age`, else `Expires`.
 *
 * @returns 0 when it says nothing; Infinity for `Expires`, since when the response was made is not known
 * @see RFC 9111, section 4.2.1; CloudFront Developer Guide, "Manage how long content stays in the cache"
 */
export function sharedLifetimeSeconds({ cacheControl = '', expires }: FreshnessHeaders): number {
  const directives = directivesOf(cacheControl)
  const written = directives.get('s-maxage') ?? directives.get('max-age')
  if (written !== undefined && /^\d+$/u.test(written)) return Number(written)
  return expires === undefined ? 0 : Infinity
}

/**
 * Whether the response asks every cache not to keep it: `no-store`.
 *
 * @see RFC 9111, section 5.2.2.5
 */
export function forbidsStoring({ cacheControl = '' }: FreshnessHeaders): boolean {
  return directivesOf(cacheControl).has('no-store')
}

function directivesOf(cacheControl: string): ReadonlyMap<string, string> {
  return new Map(
    cacheControl.split(',').map((directive): [string, string] => {
      const [name = '', value = ''] = directive.trim().split('=')
      return [name.toLowerCase(), value.replaceAll('"', '')]
    }),
  )
}
