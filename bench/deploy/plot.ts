// Draws docs/performance.svg: a panel for each scenario, a row for each tool; wall and CPU seconds on a logarithmic axis.

import { PLOT_STYLE } from '../path-cover/plot.ts'
import type { Scenario } from './options.ts'
import { findSeries, medianOf, type Results } from './results.ts'
import type { Tool } from './tool.ts'

const LEFT = 190
const TOP = 62
const ROW = 24
const PANEL_WIDTH = 118
const GAP = 16

const STYLE = `${PLOT_STYLE}
  .ours { font-weight: 600 } .tick { font-size: 10px }
  .range { stroke-width: 2 } .ring { fill: none; stroke-width: 2 } .ring.b { stroke-dasharray: none }`

/** @param fileCount the site whose deploys are drawn */
export function drawPerformance(
  results: Results,
  tools: readonly Tool[],
  scenarios: readonly Scenario[],
  fileCount: number,
): string {
  const all = results.series
    .filter((series) => series.fileCount === fileCount)
    .flatMap(({ samples }) => samples.flatMap(({ wallSeconds, cpuSeconds }) => [wallSeconds, cpuSeconds]))
    .filter((seconds) => seconds > 0)
  const low = Math.floor(Math.log10(Math.min(...all)) * 2) / 2
  const high = Math.ceil(Math.log10(Math.max(...all)) * 2) / 2
  const bottom = TOP + ROW * tools.length
  const width = LEFT + scenarios.length * (PANEL_WIDTH + GAP)
  const parts = [
    `<circle class="dot a" cx="20" cy="18" r="4"/><text x="30" y="22">wall seconds, median and range</text>`,
    `<circle class="ring b" cx="240" cy="18" r="4"/><text x="250" y="22">CPU seconds of the tool</text>`,
    `<text x="${width - GAP}" y="22" text-anchor="end">${fileCount.toLocaleString('en')} files</text>`,
    ...tools.map(
      ({ name, kind }, row) =>
        `<text class="${kind}" x="${LEFT - 12}" y="${rowY(row) + 4}" text-anchor="end">${name}</text>`,
    ),
    ...scenarios.map((scenario, index) => {
      const left = LEFT + index * (PANEL_WIDTH + GAP)
      const toX = (seconds: number): string =>
        (left + ((Math.log10(Math.max(seconds, 10 ** low)) - low) / (high - low)) * PANEL_WIDTH).toFixed(1)
      return [
        `<text class="title" x="${left}" y="${TOP - 14}">${scenario}</text>`,
        ...drawTicks(low, high, toX, bottom),
        ...tools.flatMap((tool, row) => drawTool(results, tool, fileCount, scenario, rowY(row), toX)),
      ].join('\n')
    }),
  ]
  const label = `Wall and CPU seconds of each tool and scenario, ${fileCount.toLocaleString('en')} files`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 34}" role="img" aria-label="${label}">
<style>${STYLE}
</style>
${parts.join('\n')}
</svg>
`
}

function rowY(row: number): number {
  return TOP + ROW * row + ROW / 2
}

function drawTicks(low: number, high: number, toX: (seconds: number) => string, bottom: number): string[] {
  const decades = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => 10 ** (Math.ceil(low) + i))
  return decades.flatMap((seconds) => [
    `<line class="grid" x1="${toX(seconds)}" x2="${toX(seconds)}" y1="${TOP}" y2="${bottom}"/>`,
    `<text class="tick" x="${toX(seconds)}" y="${bottom + 16}" text-anchor="middle">${Number(seconds.toFixed(3))} s</text>`,
  ])
}

function drawTool(
  results: Results,
  tool: Tool,
  fileCount: number,
  scenario: Scenario,
  y: number,
  toX: (seconds: number) => string,
): string[] {
  const series = findSeries(results, tool.id, fileCount, scenario)
  const wall = medianOf(series, 'wallSeconds')
  const cpu = medianOf(series, 'cpuSeconds')
  if (series === undefined || wall === undefined || cpu === undefined) return []
  const walls = series.samples.map(({ wallSeconds }) => wallSeconds)
  return [
    `<line class="a range" x1="${toX(Math.min(...walls))}" x2="${toX(Math.max(...walls))}" y1="${y}" y2="${y}"/>`,
    `<circle class="dot a" cx="${toX(wall)}" cy="${y}" r="3.5"/>`,
    `<circle class="ring b" cx="${toX(cpu)}" cy="${y}" r="4.5"/>`,
  ]
}
