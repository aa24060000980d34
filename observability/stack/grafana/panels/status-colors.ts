import type { NamedColor } from './time-series-panel.ts'

/** Colours of lines whose names begin with a status or a class of statuses. */
export const statusColors: readonly NamedColor[] = [
  { pattern: '^2', color: 'green' },
  { pattern: '^3', color: 'blue' },
  { pattern: '^4', color: 'orange' },
  { pattern: '^5', color: 'red' },
]
