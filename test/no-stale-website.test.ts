// Promise P1 on distributions with website endpoints.

import { worldsOf } from './worlds/arbitrary-world.ts'
import { itLeavesNoUrlStale } from './worlds/no-stale-page.ts'

itLeavesNoUrlStale('worlds with website endpoints', worldsOf({ isWebsite: true }))
