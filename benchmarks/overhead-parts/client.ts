import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { exactQuantiles } from '../../observability/comparison/statistics/exact-quantile.ts'

// A client that costs next to nothing: raw sockets and one request, prepared once. An answer is read once to learn its
// length; all others must have the same. A program of its own, so that the sink does not hold up what it times.
//
//   node benchmarks/overhead-parts/client.ts PORT PATH MILLIS CONNECTIONS

const [port = '', path = '', millis = '', connections = ''] = process.argv.slice(2)
const request = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`)
const stalledMillis = 20_000

const durations: number[] = []
const since = performance.now()
const end = since + Number(millis)
const answered = Promise.all(Array.from({ length: Number(connections) }, askUntilEnd))
await Promise.race([answered, stall()])
const seconds = (performance.now() - since) / 1000
const [p50, p99] = exactQuantiles(durations, [0.5, 0.99])
process.stdout.write(`${JSON.stringify({ requests: durations.length, seconds, p50, p99 })}\n`)
process.exit(0)

async function stall(): Promise<never> {
  await delay(Number(millis) + stalledMillis)
  throw new Error(`a connection got no whole answer within ${stalledMillis / 1000} s`)
}

/** One after the other on one connection; what is asked before the end is answered. */
function askUntilEnd(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true })
  let asked = 0
  let length = 0
  let received = 0
  let head = ''
  const ask = () => {
    received = 0
    asked = performance.now()
    socket.write(request)
  }
  socket
    .on('connect', ask)
    .on('error', reject)
    .on('close', () => reject(new Error(`closed after ${durations.length} answers`)))
    .on('data', (chunk) => {
      if (received === 0 && chunk.toString('latin1', 9, 12) !== '200')
        reject(new Error(`expected a 200, got ${chunk.toString('latin1', 0, 80)}`))
      received += chunk.length
      if (length === 0) {
        head += chunk.toString('latin1')
        length = measureAnswer(head)
      }
      if (length === 0 || received < length) return
      if (received > length) reject(new Error(`expected ${length} bytes, got ${received}`))
      const now = performance.now()
      durations.push(now - asked)
      if (now < end) ask()
      else {
        resolve()
        socket.destroy()
      }
    })
  return promise
}

/** How long the answer is that begins like this; 0 as long as nobody knows. */
function measureAnswer(text: string): number {
  const body = text.indexOf('\r\n\r\n') + 4
  if (body === 3) return 0
  const stated = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, body))?.[1]
  if (stated !== undefined) return body + Number(stated)
  return text.endsWith('\r\n0\r\n\r\n') ? text.length : 0
}
