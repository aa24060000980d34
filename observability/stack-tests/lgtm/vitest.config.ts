import { defineConfig } from 'vitest/config'

// The tests that need the programs of Grafana LGTM: `npm run test:lgtm`.
export default defineConfig({
  test: {
    include: ['observability/stack-tests/lgtm/**/*.real-test.ts'],
    reporters: ['verbose'],
    testTimeout: 120_000,
    hookTimeout: 360_000,
    // Each runs a dozen processes of its own, on two cores.
    fileParallelism: false,
  },
})
