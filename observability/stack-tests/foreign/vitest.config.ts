import { defineConfig } from 'vitest/config'

// Services in Go and Python that send for real, looked at in Chromium: `npm run test:foreign`.
export default defineConfig({
  test: {
    include: ['observability/stack-tests/foreign/*.real-test.ts'],
    globalSetup: ['observability/viewer/browser/testing/build-first.ts'],
    reporters: ['verbose'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
