// What a text is without the parts that the user's `ignore` matches. Pure.

/** Characters, not UTF-16 units; `^` and `$` are the ends of a line; `.` stays on its line, so that `.*` cannot swallow a page. */
export const IGNORE_FLAGS = 'gmu'

/** @throws {SyntaxError} for what is no regular expression */
export function compileIgnore(pattern: string): RegExp {
  return new RegExp(pattern, IGNORE_FLAGS)
}

/** @param matchers from compileIgnore; each sees what those before it have left */
export function withoutIgnored(text: string, matchers: readonly RegExp[]): string {
  return matchers.reduce((rest, matcher) => rest.replace(matcher, ''), text)
}
