import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: { include: ['test/ceph/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false },
})
export default config
