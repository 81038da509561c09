// Markdown as VitePress reads it: texts from the program are shown as they are, and are neither HTML nor templates. Pure.

/** A text for prose and cells. */
export function escapeText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\*_[\]`|#~]/g, (character) => `\\${character}`)
    .replaceAll('<', '&lt;')
    .replaceAll('{{', '{&#8203;{')
}

/** A docstring, whose `code` stays code. */
export function showDoc(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? escapeText(part) : showCode(part)))
    .join('')
}

/** A text as code, also inside a cell. */
export function showCode(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``
}

/** @param rows of cells that are Markdown already */
export function makeTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `${lines.join('\n')}\n`
}

/** A page that says by itself that it is made, and how. */
export function makePage(title: string, intro: string, sections: readonly string[]): string {
  const notice = '<!-- Made by scripts/write-reference.ts from the source: npm run docs:reference -->'
  return `${[notice, `# ${title}`, intro, ...sections].map((part) => part.trim()).join('\n\n')}\n`
}
