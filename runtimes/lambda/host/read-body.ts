import type { IncomingMessage } from 'node:http'

/**
 * Reads the body of a request; gives `undefined` as soon as it exceeds `bytesMax`. The rest is then received and
 * discarded, for as long as the connection lasts.
 *
 * @throws When the connection breaks first.
 */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) {
      request.resume()
      resolve(undefined)
      return
    }
    let chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bytesMax) {
        chunks.push(chunk)
      } else {
        chunks = []
        resolve(undefined)
      }
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
  })
}
