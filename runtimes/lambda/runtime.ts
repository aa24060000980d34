import { answersOfNode } from '../contract/answers-of-node.ts'
import type { Runtime } from '../runtime.ts'

/** What is particular to AWS Lambda. */
export const lambda: Runtime = {
  name: 'lambda',
  title: 'AWS Lambda',
  emulation: "AWS's runtime client, without AWS around it",
  port: 8005,
  graceMillis: 0,
  buffersRequests: true,
  httpEdge: {
    ...answersOfNode,
    // Hono's adapter makes a Request of each event, and a Request cannot have this method.
    TRACE: '400 untraced',
    'a backslash in the path': '200',
  },
  knownDifferences: [
    {
      runtime: 'lambda',
      reason: 'it runs at AWS, and says so',
      matches: { kind: 'resource.attribute.extra', subject: 'cloud.*' },
    },
    {
      runtime: 'lambda',
      reason: 'a function has a name and a version, which the platform tells',
      matches: { kind: 'resource.attribute.extra', subject: 'faas.*' },
    },
    ...['faas.*', 'cloud.*', 'aws.lambda.*'].map((subject) => ({
      runtime: 'lambda',
      reason:
        'an invocation has an id, a trigger, and the ARN that was invoked, which names the account',
      matches: { kind: 'attribute.extra', subject },
    })),
    {
      runtime: 'lambda',
      reason: "the connection is the platform's; a function is told who asked it",
      matches: { kind: 'attribute.missing', subject: 'network.peer.*' },
    },
  ],
}
