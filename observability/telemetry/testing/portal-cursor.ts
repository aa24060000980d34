import type { Connection, Submittable } from 'pg'

/**
 * The least of a cursor that Kysely can stream by: a portal of the server's, from which rows are taken in chunks.
 * (`pg-cursor` does more, and is not needed for anything else.)
 */
export class PortalCursor<T> implements Submittable {
  /** Given by pg, which has to be told that its time-out does not matter any more. */
  callback: (() => void) | undefined
  readonly #text: string
  readonly #values: string[]
  readonly #rows: T[] = []
  #connection: Connection | undefined
  #fields: readonly string[] = []
  #hasMore = true
  #isReady = false
  #waiting: { resolve(rows: T[]): void; reject(error: unknown): void } | undefined
  #onReady: (() => void) | undefined

  constructor(text: string, values: unknown[]) {
    this.#text = text
    this.#values = values.map(String)
  }

  submit(connection: Connection): void {
    this.#connection = connection
    connection.parse({ name: '', text: this.#text, types: [] }, true)
    // Any text but the empty one asks for binary.
    connection.bind({ portal: '', statement: '', binary: '', values: this.#values }, true)
    connection.describe({ type: 'P', name: '' }, true)
    connection.flush()
  }

  read(rows: number): Promise<T[]> {
    return new Promise((resolve, reject) => {
      if (!this.#hasMore) return resolve([])
      this.#waiting = { resolve, reject }
      this.#connection?.execute({ portal: '', rows: String(rows) }, true)
      this.#connection?.flush()
    })
  }

  /** Resolves when the connection can be used for something else. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isReady) return resolve()
      this.#onReady = resolve
      if (this.#hasMore) this.#end()
    })
  }

  handleRowDescription(message: { readonly fields: readonly { readonly name: string }[] }): void {
    this.#fields = message.fields.map(({ name }) => name)
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    const entries = this.#fields.map((name, i) => [name, message.fields[i]])
    this.#rows.push(Object.fromEntries(entries))
  }

  handlePortalSuspended(): void {
    this.#waiting?.resolve(this.#rows.splice(0))
  }

  handleCommandComplete(): void {
    this.#end()
    this.#waiting?.resolve(this.#rows.splice(0))
  }

  handleReadyForQuery(): void {}

  handleError(error: unknown): void {
    this.#end()
    this.#waiting?.reject(error)
  }

  /** The server closes the portal, and says when it is ready again; of one that failed, pg does not pass that on. */
  #end(): void {
    this.#hasMore = false
    this.#connection?.once('readyForQuery', () => {
      this.#isReady = true
      this.callback?.()
      this.#onReady?.()
    })
    this.#connection?.sync()
  }
}
