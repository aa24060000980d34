import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Runtime } from '../runtime.ts'
import { runtimes } from '../runtimes.ts'
import type { TestService } from '../testing/launch-for-test.ts'
import { presentRuntimes } from '../testing/present-runtimes.ts'
import { type EdgeRequest, edgeRequests } from './testing/http-edge.ts'
import { launchNotes } from './testing/launch-notes.ts'

describe.each(presentRuntimes)('$name', (runtime) => {
  let service: TestService | undefined
  beforeAll(async () => {
    service = await launchNotes(runtime, {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    })
  })
  afterAll(() => service?.[Symbol.asyncDispose]())

  test.each(edgeRequests)('$name is answered as it is declared', async (edge) => {
    expect(await answerOf(service?.url ?? '', edge)).toBe(expectedOf(runtime, edge))
  })

  test('serves on after all of that', async () => {
    expect((await fetch(`${service?.url}/ready`)).status).toBe(200)
  })
})

test('what is declared is a difference, of a request that is there', () => {
  for (const { name, httpEdge } of runtimes)
    for (const [request, answer] of Object.entries(httpEdge)) {
      const edge = edgeRequests.find((known) => known.name === request)
      expect(edge, `${name}: ${request}`).toBeDefined()
      expect(answer, `${name}: ${request}`).not.toBe(edge?.answer)
    }
})

test('the documentation says what is declared', async () => {
  await expect(renderTable()).toMatchFileSnapshot('../../docs/http-edge.md')
})

function expectedOf({ httpEdge }: Runtime, { name, answer }: EdgeRequest): string {
  return httpEdge[name] ?? answer
}

/** Status, whether it is a problem, and whether it has a trace. */
async function answerOf(url: string, { text }: EdgeRequest): Promise<string> {
  const { hostname, port } = new URL(url)
  const answer = await exchange(hostname, Number(port), text)
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1]
  if (status === undefined) return answer === '' ? 'nothing' : answer
  const isProblem = /^content-type: application\/problem\+json/im.test(answer)
  const isTraced = /^x-trace-id: [0-9a-f]{32}/im.test(answer)
  return `${status}${isProblem ? ' problem' : ''}${isTraced ? '' : ' untraced'}`
}

/** What comes back until the other side closes, or the head of it has been there for a while. */
function exchange(host: string, port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, host, () => socket.write(text, 'latin1'))
    const finish = () => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(2000, () => {
      answer ||= 'silence'
      finish()
    })
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('end', finish)
    socket.on('error', finish)
  })
}

function renderTable(): string {
  const rows = edgeRequests.map((edge) =>
    [edge.name, ...runtimes.map((runtime) => expectedOf(runtime, edge))].join(' | '),
  )
  return `# At the edge of HTTP

Some platforms pass unusual or malformed requests on to the service; others answer such requests themselves, each in its
own way. A test sends all of these to a small service on every runtime and fails when this table is not what happens.
\`problem\`: the body is problem details. \`untraced\`: the platform answered, without \`x-trace-id\`.
\`nothing\`: the connection is closed without an answer. Lambda is our local host; the front of AWS may answer otherwise.

The small service answers to any \`Host\`. Your application may refuse some; [environment.md](environment.md) says what
\`ALLOWED_HOSTS\` does here.

| request | ${runtimes.map(({ title }) => title).join(' | ')} |
|---|${runtimes.map(() => '---|').join('')}
${rows.map((row) => `| ${row} |`).join('\n')}

## How long half a request line may stand

A client that opens a connection and never completes a request holds it for as long as the platform allows: Bun 10 s,
workerd 15 s, Node and the local Lambda host 60 to 90 s, Deno for ever. \`Deno.serve\` has no setting for it
(https://github.com/denoland/deno/issues/3515): where strangers reach it, put a proxy with a time limit on headers in
front. A stop waits 3 s for such connections at most, on every runtime.
`
}
