import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/*.test.ts', 'test/fakes/*.test.ts'],
    // Some start the program seven times, on machines that have other things to do.
    testTimeout: 120_000,
    // Many tests wait for programs and purges: more of them than there are cores.
    maxWorkers: 4,
    // Says on every run that Node 20 will end some day: nothing a test can change.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})
export default config
