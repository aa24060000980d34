/**
 * Why a request is not accepted. Its status says whether the sender may try again
 * (429, 502, 503 and 504 only); the receiver turns it into a `google.rpc.Status`.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: RefusalStatus
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: RefusalStatus,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

type RefusalStatus = 400 | 404 | 405 | 408 | 413 | 415 | 500 | 503 | 508

/** The `google.rpc.Code` that belongs to each HTTP status. */
export const rpcCodes: Readonly<Record<RefusalStatus, number>> = {
  400: 3, // INVALID_ARGUMENT
  404: 5, // NOT_FOUND
  405: 12, // UNIMPLEMENTED
  408: 4, // DEADLINE_EXCEEDED
  413: 8, // RESOURCE_EXHAUSTED
  415: 3,
  500: 13, // INTERNAL
  503: 14, // UNAVAILABLE
  508: 9, // FAILED_PRECONDITION
}
