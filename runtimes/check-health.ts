import process from 'node:process'

// The health check of a container, whichever of our runtimes is in it: exit code 0 when the service answers.
//
// Its request says that it is not sampled: it comes every few seconds, and nobody wants to find it among the others.

try {
  const response = await fetch(`http://127.0.0.1:${process.env.PORT}/health`, {
    headers: { traceparent: '00-6865616c74680000000000000000abcd-6865616c74680001-00' },
    signal: AbortSignal.timeout(2500),
  })
  process.exit(response.ok ? 0 : 1)
} catch {
  process.exit(1)
}
