import type { Resource } from '../../otlp/model.ts'
import { readRuntimeName, readServiceName } from '../../otlp/shared/read-runtime-name.ts'
import { quote } from './quote.ts'

/** The runtime of a resource in quotes, or else its service. */
export function nameSender({ attributes }: Resource): string {
  return quote(readRuntimeName(attributes) || (readServiceName(attributes) ?? 'unknown'))
}
