/** From which value on a number has a colour; the first, without a value, is the colour below all others. */
export type Threshold = { readonly value: number | null; readonly color: string }

/** For numbers that are neither good nor bad. */
export const plain: readonly Threshold[] = [{ value: null, color: 'text' }]

/** For shares of failures of the service: any is worth a look, one in twenty is an outage. */
export const failures: readonly Threshold[] = [
  { value: null, color: 'green' },
  { value: 0.000_001, color: 'orange' },
  { value: 0.05, color: 'red' },
]
