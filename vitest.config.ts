import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/*.test.ts', 'test/fakes/*.test.ts'],
    testTimeout: 30_000,
  },
})
export default config
