import { answersOfNode } from '../contract/answers-of-node.ts'
import type { Runtime } from '../runtime.ts'

/** What is particular to Node. */
export const node: Runtime = {
  name: 'node',
  title: 'Node.js',
  emulation: null,
  port: 8001,
  graceMillis: 0,
  buffersRequests: false,
  httpEdge: {
    ...answersOfNode,
    // @hono/node-server's own.
    'a Host with a space in it': '400 untraced',
    'a Host with port 99999': '400 untraced',
    'a backslash in the path': '400 untraced',
  },
  knownDifferences: [],
}
