// Promise P1 on distributions with REST origins; websites have a file of their own, so that both run at once.

import { worldsOf } from './worlds/arbitrary-world.ts'
import { itLeavesNoUrlStale } from './worlds/no-stale-page.ts'

itLeavesNoUrlStale('worlds with REST origins', worldsOf({ isWebsite: false }))
