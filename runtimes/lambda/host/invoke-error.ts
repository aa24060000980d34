/** Why an event got no answer from the function. */
export type InvokeErrorKind =
  /** The function threw, ended, could not be loaded, or gave an invalid answer. */
  | 'function'
  /** It took longer than it may. */
  | 'time-out'
  /** The request names no path. */
  | 'target'
  /** The event is larger than one may be. */
  | 'event-size'
  /** Too many wait already, or it has waited for too long. */
  | 'throttled'

/** An event that got no answer; its message is for the function's log, never for the client. */
export class InvokeError extends Error {
  override readonly name = 'InvokeError'
  readonly kind: InvokeErrorKind

  constructor(kind: InvokeErrorKind, message: string) {
    super(message)
    this.kind = kind
  }
}

/** The client's status for each kind of failure. */
export const errorStatus = {
  function: { status: 502, message: 'Internal Server Error' },
  'time-out': { status: 504, message: 'Endpoint request timed out' },
  target: { status: 400, message: 'Bad Request' },
  'event-size': { status: 413, message: 'Request Entity Too Large' },
  throttled: { status: 429, message: 'Rate Exceeded.' },
} as const satisfies Record<InvokeErrorKind, { status: number; message: string }>
