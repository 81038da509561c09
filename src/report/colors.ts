// The few ANSI colours of the terminal report, in one place. Pure: whether there are colours is the caller's to know.

/** @see ECMA-48, "Select Graphic Rendition" */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const

export type Style = keyof typeof CODES

export type Paint = (style: Style, text: string) => string

/** @returns paints when there are colours, and gives the text back as it is when there are none */
export function createPaint(colors: boolean): Paint {
  if (!colors) return (_, text) => text
  return (style, text) => {
    const [on, off] = CODES[style]
    return `\u001b[${on}m${text}\u001b[${off}m`
  }
}
