import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,runtimes,observability,benchmarks}/**/*.test.ts'],
    globalSetup: ['runtimes/testing/test-database.ts'],
    reporters: ['verbose'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
