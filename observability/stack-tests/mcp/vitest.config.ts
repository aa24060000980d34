import { defineConfig } from 'vitest/config'

// The tests that need the protocol's own programs: `npm run test:mcp`.
export default defineConfig({
  test: {
    include: ['observability/stack-tests/mcp/**/*.real-test.ts'],
    reporters: ['verbose'],
    testTimeout: 120_000,
  },
})
