// How the search for the best invalidation paths grows with the site, with what changed and with the budget. Two minutes on two cores.
//   npx tsx bench/path-cover.ts [ROUNDS]
// Each case runs in a process of its own, whose peak memory is then that case's. Writes the tables in docs/planning/scaling.md and
// docs/planning/scaling.svg.

import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { coverPaths, coverPathsWithin } from '../src/plan/cover/path-cover.ts'
import { drawScaling, type Series } from './path-cover/plot.ts'
import { makeCombs, makeSite } from './path-cover/sites.ts'

interface Case {
  readonly shape: 'site' | 'combs'
  readonly urls: number
  readonly must: number
  readonly maxItems: number
}

interface Measured extends Case {
  readonly firstMs: number
  readonly medianMs: number
  readonly coverMs: number
  readonly urlsMb: number
  readonly peakMb: number
}

const docs = join(import.meta.dirname, '../docs/planning')
const child = process.argv.indexOf('--case')
if (child === -1) await measureAll(Number(process.argv[2] ?? 3))
else console.log(JSON.stringify(measure(JSON.parse(process.argv[child + 1]!), Number(process.argv[child + 2]))))

async function measureAll(rounds: number): Promise<void> {
  const run = async (cases: readonly Case[]): Promise<Measured[]> => {
    const results: Measured[] = []
    for (const each of cases) {
      const flags = [
        '--expose-gc',
        '--import',
        'tsx',
        import.meta.filename,
        '--case',
        JSON.stringify(each),
        `${rounds}`,
      ]
      const { stdout } = await promisify(execFile)(process.execPath, flags)
      results.push(JSON.parse(stdout))
      console.error(stdout.trim())
    }
    return results
  }
  const sizes = [1e3, 3e3, 1e4, 3e4, 5e4, 1e5, 3e5, 1e6]
  const site = (urls: number, must: number, maxItems: number): Case => ({ shape: 'site', urls, must, maxItems })
  const atThousand = await run(sizes.map((urls) => site(urls, urls / 100, 1000)))
  const atFifteen = await run(sizes.map((urls) => site(urls, urls / 100, 15)))
  const growing = await run([
    ...[1e3, 1e4, 1e5].flatMap((must) => [15, 1000].map((maxItems) => site(1e6, must, maxItems))),
    ...[1e3, 1e4].map((must): Case => ({ shape: 'combs', urls: 2 * must, must, maxItems: 1000 })),
  ])
  const tables = [
    `Measured on ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, medians of at least ${rounds} calls.`,
    writeTable([...atFifteen, ...atThousand].toSorted((a, b) => a.urls - b.urls || a.maxItems - b.maxItems)),
    'What changed and the budget, at one million URLs; and the worst shape there is:',
    writeTable(growing),
  ]
  const page = join(docs, 'scaling.md')
  const text = await readFile(page, 'utf8')
  await writeFile(
    page,
    text.replace(/(?<=<!-- measured -->\n).*(?=<!-- end -->)/su, () => `\n${tables.join('\n\n')}\n\n`),
  )
  const seriesOf = (name: string, results: readonly Measured[], read: (each: Measured) => number): Series => ({
    name,
    points: results.map((each) => ({ x: each.urls, y: read(each) })),
  })
  const svg = drawScaling(
    [
      seriesOf('K = 1,000', atThousand, (each) => each.medianMs),
      seriesOf('K = 15', atFifteen, (each) => each.medianMs),
    ],
    [
      seriesOf('peak, K = 1,000', atThousand, (each) => each.peakMb),
      seriesOf('before the search', atThousand, (each) => each.urlsMb),
    ],
  )
  await writeFile(join(docs, 'scaling.svg'), svg)
}

/** CPU time, so that what else the machine does counts less; on an idle one it is a little more than what the clock shows. */
function measure(each: Case, rounds: number): Measured {
  const urls = each.shape === 'site' ? makeSite(each.urls, each.must) : makeCombs(each.must)
  globalThis.gc?.()
  // Small ones are over before the compiler is: call them until it is done.
  const calls = Math.max(rounds, Math.min(60, Math.round(6e5 / each.urls)))
  const urlsMb = process.memoryUsage.rss() / 1e6
  const times = Array.from({ length: calls + 1 }, () =>
    timeMs(() => coverPathsWithin(urls, each.maxItems).coverWithin(each.maxItems)),
  )
  const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6
  const coverTimes = Array.from({ length: calls }, () => timeMs(() => coverPaths(urls, each.maxItems)))
  return { ...each, firstMs: times[0]!, medianMs: median(times.slice(1)), coverMs: median(coverTimes), urlsMb, peakMb }
}

function timeMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e3
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

function writeTable(results: readonly Measured[]): string {
  const head = ['URLs', 'must go', 'K', 'first call', 'all budgets to K', 'K alone', 'URLs alone', 'peak']
  const count = (value: number): string => value.toLocaleString('en')
  const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : count(Math.round(value))} ms`
  const rows = results.map((each) => [
    `${count(each.urls)}${each.shape === 'combs' ? ' (combs)' : ''}`,
    count(each.must),
    count(each.maxItems),
    ms(each.firstMs),
    ms(each.medianMs),
    ms(each.coverMs),
    `${count(Math.round(each.urlsMb))} MB`,
    `${count(Math.round(each.peakMb))} MB`,
  ])
  return [head, head.map(() => '---:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
