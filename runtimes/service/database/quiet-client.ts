import { Client, type ClientConfig } from 'pg'

/**
 * A client whose server may hang up at any moment. A pool listens for errors only on idle clients. On a client in use
 * the failed statement reports the error; the additional `error` event would end the whole process.
 */
export class QuietClient extends Client {
  constructor(config?: ClientConfig) {
    super(config)
    this.on('error', () => {})
    // pg listens to its socket only after connecting: a socket that Deno refuses to open would end the process.
    this.connection.stream.on('error', () => {})
  }
}
