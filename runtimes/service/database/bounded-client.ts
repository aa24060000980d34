import type { ClientConfig } from 'pg'
import { within } from '../within.ts'
import { type BackendKey, cancelMillisMax, requestCancel } from './cancel-request.ts'
import { QuietClient } from './quiet-client.ts'

type StatementBounds = {
  readonly timeoutMillis: number
  /** Aborts every wait for this client. */
  readonly signal: AbortSignal
}

/** A statement took too long, and the server did not confirm that it was cancelled: it may still be carried out. */
export class UnconfirmedStatementError extends Error {
  override readonly name = 'UnconfirmedStatementError'
}

/**
 * A client whose statements end in time. A statement that takes too long is cancelled at the server. The server's reply
 * decides: the result if it was done all the same, error 57014 if it was not.
 *
 * Not pg's `query_timeout`: that only stops listening, while the statement runs on in a connection that is used again.
 * Not `statement_timeout`: pooling proxies refuse it as a start-up parameter, and a server that hangs does not obey it.
 */
export class BoundedClient extends QuietClient {
  constructor(config: ClientConfig, bounds: StatementBounds) {
    super(config)
    let key: BackendKey | undefined
    this.connection.once('backendKeyData', (given: BackendKey) => {
      key = given
    })

    const bound = async <R>(answer: Promise<R>): Promise<R> => {
      const inTime = await within(bounds.timeoutMillis, answer, bounds.signal)
      if (inTime !== undefined) return inTime.value
      try {
        if (key !== undefined) requestCancel(config, key)
        const last = await within(cancelMillisMax, answer)
        if (last !== undefined) return last.value
      } finally {
        // In every case: the cancellation may arrive late and would hit the next statement of this connection.
        void this.end()
      }
      throw new UnconfirmedStatementError(
        'the statement took too long, and the server did not confirm that it was cancelled',
      )
    }

    const { query } = this
    Object.assign(this, {
      query: (...args: readonly unknown[]) => {
        const answer: unknown = Reflect.apply(query, this, args)
        return answer instanceof Promise ? bound(answer) : answer
      },
    })
  }
}
