import { defineConfig } from 'vitest/config'

// The tests that need Go: the real OpenTelemetry Collector, and the parsers of Docker Compose: `npm run test:collector`.
export default defineConfig({
  test: {
    include: ['observability/stack-tests/{collector,containers}/**/*.real-test.ts'],
    reporters: ['verbose'],
    testTimeout: 60_000,
    // They measure nothing, but each runs processes of its own, on two cores.
    fileParallelism: false,
  },
})
