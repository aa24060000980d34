import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { parse } from 'yaml'

const schema = v.object({
  services: v.object({ lgtm: v.object({ environment: v.record(v.string(), v.string()) }) }),
})

/**
 * What `compose.yaml` gives a program of LGTM on its command line, so that it is tried with the same.
 *
 * @param variable such as `PROMETHEUS_EXTRA_ARGS`, which the image splits at spaces.
 * @throws Error when the file does not set it.
 */
export function readExtraArguments(path: string, variable: string): readonly string[] {
  const { services } = v.parse(schema, parse(readFileSync(path, 'utf8'), { merge: true }))
  const value = services.lgtm.environment[variable]
  if (value === undefined) throw new Error(`${path}: services.lgtm: expected ${variable}`)
  return value.split(' ')
}
