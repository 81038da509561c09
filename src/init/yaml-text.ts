// One value → the YAML that means it, on one line, whatever is in it. Pure.

import { stringify } from 'yaml'

/** @returns plain where that is read back as the same text, quoted where not; never more than one line */
export function toYamlText(value: string): string {
  // Texts of several lines would be folded over as many; JSON has one way for all, which YAML reads too.
  if (/[\p{Cc}\u2028\u2029\ufeff]/u.test(value)) {
    return JSON.stringify(value).replace(
      /[\u007f-\u009f\u2028\u2029\ufeff]/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  }
  return stringify(value, { lineWidth: 0, blockQuote: false, singleQuote: true, version: '1.1' }).replace(/\n$/u, '')
}
