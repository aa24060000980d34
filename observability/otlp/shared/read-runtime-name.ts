import { type Attribute, readAttribute } from '../model.ts'

/** The first of these that a resource has is the name of its runtime. */
const keys = ['hono.runtime.name', 'process.runtime.name', 'service.name'] as const

/**
 * The runtime that a resource names, for lists and lanes; services that know nothing of ours have a name too.
 *
 * @returns Empty when it names none, also for a sender that says so with an empty `hono.runtime.name`: the driver.
 */
export function readRuntimeName(attributes: readonly Attribute[]): string {
  for (const key of keys) {
    const value = readAttribute(attributes, key)
    if (typeof value === 'string') return value
  }
  return ''
}

/** `service.name`; `null` when it is missing, or no text. */
export function readServiceName(attributes: readonly Attribute[]): string | null {
  const name = readAttribute(attributes, 'service.name')
  return typeof name === 'string' && name !== '' ? name : null
}
