import { bun } from './bun/runtime.ts'
import { deno } from './deno/runtime.ts'
import { lambda } from './lambda/runtime.ts'
import { node } from './node/runtime.ts'
import type { Runtime } from './runtime.ts'
import { workers } from './workers/runtime.ts'

/**
 * THE list: tests, `npm start` and `npm run compare` read it. The `Dockerfile` and `compose.yaml`
 * are held against it by tests. The first is the reference that the others are compared with.
 */
export const runtimes: readonly Runtime[] = [node, workers, deno, bun, lambda]

/**
 * The runtimes of those names, in the order of the list.
 *
 * @throws RangeError that names the first unknown one and all known.
 */
export function findRuntimes(names: readonly string[]): readonly Runtime[] {
  const unknown = names.find((name) => runtimes.every((runtime) => runtime.name !== name))
  if (unknown !== undefined)
    throw new RangeError(
      `unknown runtime ${JSON.stringify(unknown)}; expected some of ${runtimes.map(({ name }) => name).join(', ')}`,
    )
  return runtimes.filter(({ name }) => names.includes(name))
}
