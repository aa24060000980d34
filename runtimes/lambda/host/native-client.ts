import { Agent, type IncomingMessage, request } from 'node:http'
import { registerHooks } from 'node:module'

// Loaded into the function's process ahead of AWS's runtime interface client, in the place of that client's native
// addon: npm builds it with cmake and a C++ compiler, and not at all on macOS. Everything else of the client is AWS's.

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier !== './rapid-client.node') return nextResolve(specifier, context)
    return { url: import.meta.url, format: 'module-typescript', shortCircuit: true }
  },
})

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

/** The native addon waits for the answer to a post; here the next call waits for it. */
let posted: Promise<unknown> = Promise.resolve()

/** Asks for the next event, and gives it with its headers; may take for ever. */
export async function next(): Promise<{
  readonly bodyJson: string
  readonly headers: IncomingMessage['headers']
}> {
  await posted
  const { body, headers } = await send('GET', '/next')
  return { bodyJson: body, headers }
}

/** Hands over what the function returned. */
export function done(id: string, body: string): void {
  posted = send('POST', `/${id}/response`, body)
}

/** Hands over what the function threw. */
export function error(id: string, body: string, cause: string): void {
  posted = send('POST', `/${id}/error`, body, { 'lambda-runtime-function-xray-error-cause': cause })
}

function send(
  method: string,
  path: string,
  body = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly body: string; readonly headers: IncomingMessage['headers'] }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${api}${path}`, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ body: Buffer.concat(chunks).toString(), headers: response.headers }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
