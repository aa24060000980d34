import { Client, type ClientConfig } from 'pg'

/**
 * A client whose server may hang up at any moment. A pool listens only while a client is idle; on one in use the
 * failed statement tells what happened, and the event that comes besides would end the whole process.
 */
export class QuietClient extends Client {
  constructor(config?: ClientConfig) {
    super(config)
    this.on('error', () => {})
    // pg listens to its socket only once it connects: one that Deno does not let it open would end the process later.
    this.connection.stream.on('error', () => {})
  }
}
