import { defineConfig } from 'vitest/config'

// Pages and reports in a real Chromium: apart from `npm test`, which needs nothing that npm does not bring.
export default defineConfig({
  test: {
    include: ['observability/viewer/browser/*.browser.ts'],
    globalSetup: [
      'runtimes/testing/test-database.ts',
      'observability/viewer/browser/testing/build-first.ts',
    ],
    reporters: ['verbose'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One browser at a time: two cores are few for a browser, services and a database.
    fileParallelism: false,
  },
})
