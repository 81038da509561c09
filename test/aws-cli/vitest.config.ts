import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: { include: ['test/aws-cli/*.test.ts'], testTimeout: 120_000, hookTimeout: 60_000 },
})
export default config
