// Promise P1 as a property: when a deploy ends well, no URL by which a viewer can reach the site, at any edge location, in any variant,
// answers with anything but what is deployed. FRESHFRONT_RUNS and FRESHFRONT_SEED run it longer or again.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SiteBodies, World } from './arbitrary-world.ts'
import { startWorld } from './live-world.ts'

export function itLeavesNoUrlStale(title: string, worlds: fc.Arbitrary<World>): void {
  const runs = Number(process.env['FRESHFRONT_RUNS'] ?? 10)
  const seed = Number(process.env['FRESHFRONT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  it(
    `leaves no URL stale at any edge: ${runs} random ${title}, seed ${seed}`,
    { timeout: 60_000 + runs * 3_000 },
    async () => {
      process.stderr.write(`no-stale-page: ${runs} random ${title}, seed ${seed}\n`)
      await fc.assert(
        fc.asyncProperty(worlds, async (made) => {
          expect(await findStaleAnswers(made)).toEqual([])
        }),
        { numRuns: runs, seed, endOnFailure: process.env['FRESHFRONT_SHRINK'] === '0' },
      )
    },
  )
}

/** Deploys every release of the world while readers come, and compares what edges answer then with what they answer from nothing. */
async function findStaleAnswers(made: World): Promise<object[]> {
  const live = await startWorld(made)
  try {
    const sites: SiteBodies[] = []
    for (const [index, release] of made.releases.entries()) {
      await live.switchTagsOn(index)
      sites.push(release.site)
      // Readers come, also for pages that are not there yet; time passes; they come again, so that everything is warm.
      await live.read(sites)
      live.pass(release)
      await live.read(sites)
      const outcome = await live.deploy(release)
      expect(outcome.failures).toEqual([])
    }
    const answers = await live.read(sites)
    live.forgetEverything()
    const truths = await live.read(sites)
    expect(live.emulator.faults).toEqual([])
    return (
      [...answers]
        .map(([url, answer]) => ({ url, answer, truth: truths.get(url) ?? '' }))
        // A bucket that CloudFront may list, without a default root object, shows its listing at "/". That is no page of the site, and
        // it changes with Freshfront's own record after the purge.
        .filter(({ answer, truth }) => answer !== truth && !truth.includes('<ListBucketResult'))
    )
  } finally {
    await live.close()
  }
}
