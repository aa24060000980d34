/** One event that an operator cares about. */
export type LogEntry = {
  readonly severity: 'info' | 'warn' | 'error'
  /** A stable name to search by, such as `todo.created`. */
  readonly event: string
  /** A short sentence. Never a title, a description or any other text of a client. */
  readonly message: string
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  readonly error?: unknown
}

/** How the service speaks to its operator. It must not throw; what becomes of an entry is the runtime's affair. */
export type Logger = (entry: LogEntry) => void
