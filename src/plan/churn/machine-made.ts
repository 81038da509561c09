// What a build writes by itself, told from what somebody has written. Pure.

const DATE_WORD =
  /^(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|am|pm|utc|gmt|ces?t)[.:]?$/iu

/** A number or a time, or a word of a date. */
export function isPartOfDate(word: string): boolean {
  return /\p{N}/u.test(word) || DATE_WORD.test(word)
}

/** The same, or a digest. */
export function isMachineMade(word: string): boolean {
  return isPartOfDate(word) || /^[0-9a-f]{6,}$/iu.test(word)
}

/** `app.3f2a91c0.js` */
export function isFileName(word: string): boolean {
  return /\.[a-z][a-z\d]{1,4}$/iu.test(word)
}

/** So that a regular expression matches the text itself. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&')
}
