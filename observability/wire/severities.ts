/** From the least to the most severe; each spans four severity numbers, from 1 for `trace`. */
export const severities = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
