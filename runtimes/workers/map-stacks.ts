import { env } from 'cloudflare:workers'
import * as v from 'valibot'

// Has the stacks of an app from elsewhere lead to its source, as they do on the other runtimes. workerd reads no source
// map itself. Bundled with such an app alone, which is only run here: what is deployed has nothing of it.

/** Where a piece of a line comes from. */
type Origin = { readonly column: number; readonly place: string }

const sourceMap = v.object({ mappings: v.string(), sources: v.array(v.string()) })
const bindings = v.object({ SOURCE_MAP: v.string() })

let lines: readonly (readonly Origin[])[] | undefined

Object.assign(Error, {
  prepareStackTrace(error: unknown, calls: readonly unknown[]): string {
    lines ??= readLines(v.parse(sourceMap, JSON.parse(v.parse(bindings, env).SOURCE_MAP)))
    return [String(error), ...calls.map((call) => `    at ${mapPlace(String(call))}`)].join('\n')
  },
})

function mapPlace(call: string): string {
  return call.replace(/\bmain\.js:(\d+):(\d+)/, (place, line, column) => {
    const origins = lines?.[Number(line) - 1] ?? []
    return origins.findLast((origin) => origin.column < Number(column))?.place ?? place
  })
}

/** A column of the map is one less than that of a stack, and so is a line. */
function readLines({ mappings, sources }: v.InferOutput<typeof sourceMap>) {
  const at = { source: 0, line: 1, column: 1 }
  return mappings.split(';').map((line) => {
    let generated = 0
    return line.split(',').flatMap((segment): Origin[] => {
      const [moved = 0, source, down = 0, right = 0] = readDeltas(segment)
      generated += moved
      if (source === undefined) return []
      at.source += source
      at.line += down
      at.column += right
      return [{ column: generated, place: `${sources[at.source]}:${at.line}:${at.column}` }]
    })
  })
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * Numbers of five bits a digit, the lowest first, a sixth where more follow; the lowest bit of all is the sign.
 *
 * @see https://tc39.es/ecma426/
 */
function readDeltas(segment: string): readonly number[] {
  const deltas: number[] = []
  let value = 0
  let shift = 0
  for (const digit of segment) {
    const bits = digits.indexOf(digit)
    value += (bits & 31) << shift
    shift += 5
    if (bits >= 32) continue
    deltas.push(value % 2 === 0 ? value / 2 : -(value - 1) / 2)
    value = 0
    shift = 0
  }
  return deltas
}
