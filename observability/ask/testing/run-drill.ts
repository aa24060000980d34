import { sendLogs, sendSpans } from '../../collector/testing/send.ts'
import { describeError } from '../../plumbing/describe-error.ts'
import type { DeclaredDifferences } from '../../wire/known-differences.ts'
import { buildOrderTraffic } from './order-traffic.ts'
import { type Ask, type PlantedFault, plantedFaults } from './planted-faults.ts'
import { startAskedCollector } from './start-asked-collector.ts'

const declared: DeclaredDifferences = {
  reference: 'node',
  known: [
    {
      runtime: 'lambda',
      reason: 'A function says whether it was started for the request; a server has no such start.',
      matches: { kind: 'attribute.*', subject: 'faas.coldstart' },
    },
  ],
}

/** How one fault was found, or not. */
export type Drilled = {
  readonly name: string
  readonly calls: readonly { readonly tool: string; readonly answerBytes: number }[]
  readonly answers: readonly string[]
  /** Why it was not found; nothing when it was. */
  readonly missing: readonly string[]
}

/** More calls than these and a search counts as failed. */
export const callsMax = 5

/**
 * Plants one fault after the other in a collector, and asks for each over MCP as its search says.
 *
 * A search may ask with words that a person knew, that the tools say of themselves, or that an earlier answer held. It
 * ends without its evidence when it asks with others, more often than `callsMax`, or when an answer does not lead on.
 *
 * @param plant What of a fault is planted: all of it, unless told otherwise.
 * @returns What the tools say of themselves has `toolsBytes`; every client reads that once.
 */
export async function runDrill(
  plant = ({ plant: all }: PlantedFault): PlantedFault['plant'] => all,
): Promise<{ readonly drilled: readonly Drilled[]; readonly toolsBytes: number }> {
  await using asked = await startAskedCollector({ declared })
  const tools = JSON.stringify((await asked.client.listTools()).tools)
  const drilled: Drilled[] = []
  for (const fault of plantedFaults) {
    const { spans, logs } = buildOrderTraffic(plant(fault), Date.now())
    await sendSpans(asked, spans)
    await sendLogs(asked, logs)
    drilled.push(await searchFor(fault, asked, tools))
    await fetch(`${asked.url}/api/traces`, { method: 'DELETE' })
  }
  return { drilled, toolsBytes: Buffer.byteLength(tools) }
}

async function searchFor(
  fault: PlantedFault,
  asked: Awaited<ReturnType<typeof startAskedCollector>>,
  tools: string,
): Promise<Drilled> {
  const told = [fault.told, tools]
  const calls: Drilled['calls'][number][] = []
  const answers: string[] = []
  const ask: Ask = async (tool, args) => {
    const untold = listWords(args).filter((word) => !told.some((text) => text.includes(word)))
    if (untold.length > 0) throw new Error(`nobody told of ${untold.join(', ')}`)
    if (calls.length === callsMax) throw new Error(`more than ${callsMax} calls`)
    const { text } = await asked.ask(tool, args)
    calls.push({ tool, answerBytes: Buffer.byteLength(text) })
    answers.push(text)
    told.push(text)
    return text
  }
  const missing: string[] = []
  await fault.search(ask).catch((error: unknown) => missing.push(describeError(error)))
  const whole = answers.join('\n')
  const unseen = fault.evidence.filter((pattern) => !pattern.test(whole))
  missing.push(...unseen.map((pattern) => `no answer holds ${pattern}`))
  return { name: fault.name, calls, answers, missing }
}

/** The words of all texts in a question: `http.route=/orders status>=500` has four. */
function listWords(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.match(/[^\s=<>!"]+/g) ?? []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(listWords)
}
