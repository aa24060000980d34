import type { Runtime } from '../runtime.ts'

/** What is particular to Deno. */
export const deno: Runtime = {
  name: 'deno',
  title: 'Deno',
  emulation: null,
  port: 8003,
  graceMillis: 0,
  buffersRequests: false,
  httpEdge: {
    'no Host in HTTP/1.1': '200',
    'two Hosts': '400 untraced',
    'dot segments': '404 problem',
    'encoded dot segments': '404 problem',
    'bytes that are not ASCII in the path': '400 untraced',
    'DEL in the path': '400 untraced',
    'lines that end without CR': '200',
    'HTTP/2.0 in words': '400 untraced',
  },
  knownDifferences: [
    {
      runtime: 'deno',
      reason: 'Deno does not tell which version of HTTP a request came by',
      matches: { kind: 'attribute.missing', subject: 'network.protocol.version' },
    },
  ],
}
