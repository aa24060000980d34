import type { Runtime } from '../runtime.ts'

/** What is particular to Bun. */
export const bun: Runtime = {
  name: 'bun',
  title: 'Bun',
  emulation: null,
  port: 8004,
  graceMillis: 0,
  buffersRequests: false,
  httpEdge: {
    'a method nobody knows, FOO': 'nothing',
    'a method in lower case': 'nothing',
    'OPTIONS *': '400 untraced',
    'a backslash in the path': '200',
    'a space in the path': '505 untraced',
    'a header of 20 kB': '431 untraced',
    'a query of 20 kB': '431 untraced',
    'lines that end without CR': '505 untraced',
    'HTTP/2.0 in words': '505 untraced',
  },
  knownDifferences: [
    {
      runtime: 'bun',
      reason: 'Bun does not tell which version of HTTP a request came by',
      matches: { kind: 'attribute.missing', subject: 'network.protocol.version' },
    },
  ],
}
