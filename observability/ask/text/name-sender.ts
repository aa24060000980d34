import type { Resource } from '../../otlp/model.ts'
import { readRuntimeName, readServiceName } from '../../otlp/shared/read-runtime-name.ts'
import { quote } from './quote.ts'

/** The service of a resource and its runtime in quotes, such as `"shop" on "workers"`; or what it names of the two. */
export function nameSender({ attributes }: Resource): string {
  const service = readServiceName(attributes)
  // The same where a resource names no runtime.
  const runtime = readRuntimeName(attributes)
  if (service === null) return quote(runtime || 'unknown')
  return runtime === '' || runtime === service
    ? quote(service)
    : `${quote(service)} on ${quote(runtime)}`
}
