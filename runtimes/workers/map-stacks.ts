import { env } from 'cloudflare:workers'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import * as v from 'valibot'

// Has the stacks of an app from elsewhere lead to its source, as they do on the other runtimes. workerd reads no source
// map itself. Bundled with such an app alone, which is only run here: what is deployed has nothing of it.

const bindings = v.object({ SOURCE_MAP: v.string() })

let map: TraceMap | undefined

Object.assign(Error, {
  prepareStackTrace(error: unknown, calls: readonly unknown[]): string {
    map ??= new TraceMap(v.parse(bindings, env).SOURCE_MAP)
    const read = map
    return [String(error), ...calls.map((call) => `    at ${mapPlace(String(call), read)}`)].join(
      '\n',
    )
  },
})

/** Columns of a stack begin at 1, those of a map at 0. */
function mapPlace(call: string, read: TraceMap): string {
  return call.replace(/\bmain\.js:(\d+):(\d+)/, (place, line, column) => {
    const origin = originalPositionFor(read, { line: Number(line), column: Number(column) - 1 })
    return origin.source === null ? place : `${origin.source}:${origin.line}:${origin.column + 1}`
  })
}
