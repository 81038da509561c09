// The same properties and faults as in `npm test`, for longer: FRESHFRONT_RUNS random worlds of each kind, and FRESHFRONT_FAULTS=most or =all.

import { defineConfig, type ViteUserConfig } from 'vitest/config'

const { FRESHFRONT_RUNS = '40', FRESHFRONT_FAULTS = 'most' } = process.env

const config: ViteUserConfig = defineConfig({
  test: {
    maxWorkers: 4,
    testTimeout: 120_000,
    include: ['test/no-*.test.ts', 'test/nothing-forgotten.test.ts', 'test/two-deploys.test.ts'],
    env: { FRESHFRONT_RUNS, FRESHFRONT_FAULTS, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})
export default config
