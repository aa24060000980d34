import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Answer } from '../receive/respond.ts'
import { problemAnswer, QueryProblem } from './problem.ts'

/**
 * Counts the answers that clients have not read yet, so that clients who ask and do not read cannot fill the memory.
 * Past the bound an answer is a 503; a single answer may have any size.
 *
 * Counts by connection: of pipelined requests only the first has a response that hears of its end.
 */
export function createHeldAnswers({
  answerBytesMax,
  answerMillisMax,
}: {
  readonly answerBytesMax: number
  readonly answerMillisMax: number
}): (response: ServerResponse, answer: Answer) => Answer {
  const bySocket = new Map<Socket, number>()
  let bytes = 0

  function change(socket: Socket, by: number): void {
    const own = bySocket.get(socket)
    if (own === undefined) return
    bySocket.set(socket, own + by)
    bytes += by
  }

  function watch(socket: Socket): void {
    if (bySocket.has(socket)) return
    bySocket.set(socket, 0)
    socket.once('close', () => {
      change(socket, -(bySocket.get(socket) ?? 0))
      bySocket.delete(socket)
    })
  }

  return (response, answer) => {
    const { socket } = response.req
    const size = Buffer.byteLength(answer.body)
    if (socket.destroyed || size === 0) return answer
    if (bytes > 0 && bytes + size > answerBytesMax) {
      const detail = 'too many answers are waiting to be read, ask again later'
      return problemAnswer(new QueryProblem(503, detail, { 'retry-after': '1' }))
    }
    watch(socket)
    change(socket, size)
    const timer = setTimeout(() => socket.destroy(), answerMillisMax).unref()
    response.once('close', () => {
      clearTimeout(timer)
      change(socket, -size)
    })
    return answer
  }
}
