// The modules and workers that a script loads by literal names. Pure.

const COMMENT = String.raw`(?:/\*[^*]{0,200}\*/\s*)?`
const LITERAL = '(?:"([^"\\\\\\n]{1,2000})"|\'([^\'\\\\\\n]{1,2000})\'|`([^`$\\\\\\n]{1,2000})`)'
const LOADED = new RegExp(String.raw`\b(?:import|from|importScripts|new URL)\s*\(?\s*${COMMENT}${LITERAL}`, 'gu')

/**
 * @returns relative and absolute names of `import … from '…'`, `export … from '…'`, `import '…'`, `import('…')`, `importScripts('…')`
 *   and `new URL('…', import.meta.url)`; bare names (`lodash`) are left to import maps
 */
export function scanScript(text: string): string[] {
  return [...text.matchAll(LOADED)].flatMap((match) => {
    const url = match.slice(1).find((group) => group !== undefined) ?? ''
    return /^(?:\.{0,2}\/|https?:)/iu.test(url) ? [url] : []
  })
}
