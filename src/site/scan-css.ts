// The URLs that a style sheet loads. Pure.

const LOADED =
  /\burl\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'()][^\s"'()]*))\s*\)|@import\s+(?:"([^"\n]*)"|'([^'\n]*)')/giu

/** @returns every `url()` and `@import` as written, those in comments too: they only make an order more careful */
export function scanCss(text: string): string[] {
  return [...text.matchAll(LOADED)].flatMap((match) => {
    const url = match.slice(1).find((group) => group !== undefined) ?? ''
    // Data is no place, and can be long.
    return url === '' || /^(?:data:|#)/iu.test(url) ? [] : [url.replaceAll(/\\(.)/gu, '$1')]
  })
}
