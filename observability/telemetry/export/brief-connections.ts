import { httpAgentFactoryFromOptions } from '@opentelemetry/otlp-exporter-base/node-http'
import type { CreateAgent } from './exporter.ts'

/** Connections for a platform that stands still between requests. */
export type BriefConnections = {
  /** Makes what opens and keeps them; to be given to exporters. */
  readonly createAgent: CreateAgent
  /** Closes those over which nothing was sent for a second. To be called ahead of sending. */
  closeIdle(): void
}

/** Receivers and what stands before them close a connection after some seconds or minutes of silence. */
const idleMillisMax = 1000

/**
 * Keeps connections from one request to the next, while these follow each other within a second. A connection that is
 * older may be dead, and nobody tells while the process stands still: what was sent over it would be late, or lost.
 *
 * The clock is that of the day. It goes on while the process stands still, which other clocks, and so time-outs, need not.
 */
export function createBriefConnections(): BriefConnections {
  const createAgent = httpAgentFactoryFromOptions({ keepAlive: true })
  const idleSince = new Map<{ destroy(): unknown }, number>()
  return {
    async createAgent(protocol) {
      const agent = await createAgent(protocol)
      const keep = agent.keepSocketAlive.bind(agent)
      const reuse = agent.reuseSocket.bind(agent)
      agent.keepSocketAlive = (socket) => {
        idleSince.set(socket, Date.now())
        return keep(socket)
      }
      agent.reuseSocket = (socket, request) => {
        idleSince.delete(socket)
        reuse(socket, request)
      }
      return agent
    },
    closeIdle() {
      for (const [socket, since] of idleSince) {
        if (Date.now() - since <= idleMillisMax) continue
        socket.destroy()
        idleSince.delete(socket)
      }
    },
  }
}
