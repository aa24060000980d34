import type { NamedColor } from './time-series-panel.ts'

/** Of lines whose names begin with a status, or are classes of them. */
export const statusColors: readonly NamedColor[] = [
  { pattern: '^2', color: 'green' },
  { pattern: '^3', color: 'blue' },
  { pattern: '^4', color: 'orange' },
  { pattern: '^5', color: 'red' },
]
