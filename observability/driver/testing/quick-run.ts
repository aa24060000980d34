import type { RunOptions } from '../run-comparison.ts'

/** A run against fake services, as short as can be, but for what each test is about. */
export const quickRun = {
  ratePerSecond: 500,
  seed: 1,
  fanOut: false,
  sendTo: null,
  settleMillis: 0,
  waitMillisMax: 150,
  declared: { byRuntime: new Map(), against: null, mayBeAbsent: [] },
  findEnded: () => null,
  baseline: null,
  failOn: { parity: true, latencyRatioMax: null },
  machine: { platform: 'test', cpu: 'test', cores: 1, node: '0' },
  tool: { name: 'test', version: '0' },
  createdAt: '1970-01-01T00:00:00.000Z',
  onPhase: () => {},
  signal: new AbortController().signal,
} satisfies Partial<RunOptions>
