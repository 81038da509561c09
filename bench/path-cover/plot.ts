// Draws the plot of docs/planning/scaling.md: two panels, both axes logarithmic, readable on light and dark pages.

export interface Series {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

interface Panel {
  readonly title: string
  readonly left: number
  readonly series: readonly Series[]
  readonly ticks: readonly { readonly y: number; readonly label: string }[]
}

const WIDTH = 300
const HEIGHT = 220
const TOP = 40
const X_TICKS = [
  { x: 1e3, label: '1,000' },
  { x: 1e4, label: '10,000' },
  { x: 1e5, label: '100,000' },
  { x: 1e6, label: '1,000,000' },
]

/** Light and dark pages, two colours. */
export const PLOT_STYLE: string = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600 }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .line { fill: none; stroke-width: 2.5 }
  .a { stroke: #0969da } .b { stroke: #bc4c00; stroke-dasharray: 6 4 }
  .dot.a { fill: #0969da } .dot.b { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .grid { stroke: #3d444d }
    .a { stroke: #4493f8 } .b { stroke: #f0883e } .dot.a { fill: #4493f8 } .dot.b { fill: #f0883e }
  }`

/** @param times milliseconds by number of URLs  @param memory megabytes by number of URLs */
export function drawScaling(times: readonly Series[], memory: readonly Series[]): string {
  const timeTicks = [0.1, 1, 10, 100, 1000].map((y) => ({ y, label: y === 1000 ? '1 s' : `${y} ms` }))
  const memoryTicks = [10, 100, 1000].map((y) => ({ y, label: y === 1000 ? '1 GB' : `${y} MB` }))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 310" role="img" aria-label="Time and memory of the search, by number of URLs">
<style>${PLOT_STYLE}
</style>
${drawPanel({ title: 'CPU time', left: 65, series: times, ticks: timeTicks })}
${drawPanel({ title: 'Memory of the process', left: 465, series: memory, ticks: memoryTicks })}
</svg>
`
}

function drawPanel({ title, left, series, ticks }: Panel): string {
  // Some of a decade more at both ends, so that no point lies on the frame.
  const low = Math.log10(ticks[0]!.y) - 1 / 3
  const high = Math.log10(ticks.at(-1)!.y) + 1 / 2
  const toX = (x: number): string => (left + ((Math.log10(x) - 3) / 3) * WIDTH).toFixed(1)
  const toY = (y: number): string => (TOP + HEIGHT - ((Math.log10(y) - low) / (high - low)) * HEIGHT).toFixed(1)
  const bottom = TOP + HEIGHT
  const lines = [`<text class="title" x="${left}" y="22">${title}</text>`]
  for (const { y, label } of ticks) {
    lines.push(`<line class="grid" x1="${left}" x2="${left + WIDTH}" y1="${toY(y)}" y2="${toY(y)}"/>`)
    lines.push(`<text x="${left - 8}" y="${Number(toY(y)) + 4}" text-anchor="end">${label}</text>`)
  }
  for (const { x, label } of X_TICKS) {
    lines.push(`<line class="grid" x1="${toX(x)}" x2="${toX(x)}" y1="${TOP}" y2="${bottom}"/>`)
    lines.push(`<text x="${toX(x)}" y="${bottom + 18}" text-anchor="middle">${label}</text>`)
  }
  lines.push(`<text x="${left + WIDTH / 2}" y="${bottom + 38}" text-anchor="middle">URLs, 1 % of them changed</text>`)
  for (const [index, { name, points }] of series.entries()) {
    const colour = index === 0 ? 'a' : 'b'
    const legendY = TOP + 16 + 18 * index
    const path = points.map(({ x, y }) => `${toX(x)},${toY(y)}`).join(' ')
    lines.push(`<polyline class="line ${colour}" points="${path}"/>`)
    for (const { x, y } of points) lines.push(`<circle class="dot ${colour}" cx="${toX(x)}" cy="${toY(y)}" r="3"/>`)
    lines.push(`<line class="line ${colour}" x1="${left + 10}" x2="${left + 38}" y1="${legendY}" y2="${legendY}"/>`)
    lines.push(`<text x="${left + 46}" y="${legendY + 4}">${name}</text>`)
  }
  return lines.join('\n')
}
