import type { Runtime } from '../runtime.ts'

/** What is particular to Cloudflare Workers. */
export const workers: Runtime = {
  name: 'workers',
  title: 'Cloudflare Workers',
  emulation: 'workerd, without Cloudflare around it',
  port: 8002,
  // workerd waits for answers when it is told to end, but not for `waitUntil`, which sends 50 ms after an answer: it is
  // told this much later.
  graceMillis: 350,
  buffersRequests: false,
  httpEdge: {
    'a method nobody knows, FOO': '501 untraced',
    'a method in lower case': '501 untraced',
    CONNECT: '500 untraced',
    'no Host in HTTP/1.0': '400 untraced',
    'an empty Host': '400 untraced',
    'no Host, and a path that begins with two slashes': '400 untraced',
    'dot segments': '404 problem',
    'encoded dot segments': '404 problem',
    'bytes that are not ASCII in the path': '400 untraced',
    'a backtick in the path': '400 untraced',
    'a path without its slash': '200',
    'DEL in the path': '400 untraced',
    'a length of the body, and chunks': '400 problem',
    'lines that end without CR': '200',
    'HTTP/2.0 in words': '400 untraced',
  },
  knownDifferences: [
    {
      runtime: 'workers',
      reason:
        'workerd ties a socket to the request that opened it, so each request opens its own; Hyperdrive pools',
      matches: { kind: 'span.extra', path: '* > CONNECT' },
    },
    {
      runtime: 'workers',
      reason: 'it runs at Cloudflare, and says so',
      matches: { kind: 'resource.attribute.extra', subject: 'cloud.*' },
    },
    {
      runtime: 'workers',
      reason: 'the conventions have no value for Cloudflare',
      matches: { kind: 'convention.value', path: 'resource', subject: 'cloud.*' },
    },
    {
      runtime: 'workers',
      reason: 'workerd does not tell its version',
      matches: { kind: 'resource.attribute.missing', subject: 'process.runtime.version' },
    },
    {
      runtime: 'workers',
      reason: "the SDK's build for browsers, which workerd gets, calls its language so",
      matches: { kind: 'resource.attribute.value', subject: 'telemetry.sdk.language' },
    },
    {
      runtime: 'workers',
      reason: 'a local workerd does not tell which version of HTTP a request came by',
      matches: { kind: 'attribute.missing', subject: 'network.protocol.version' },
    },
    {
      runtime: 'workers',
      reason: "deployed, the connection to the isolate is Cloudflare's own, and not told",
      matches: { kind: 'attribute.missing', subject: 'network.peer.*' },
      mayBeAbsent: true, // a local workerd tells
    },
  ],
}
