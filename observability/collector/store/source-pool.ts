import {
  type AnyValue,
  type Attribute,
  type Resource,
  type ResourceGroup,
  readAttribute,
} from '../../otlp/model.ts'
import { readRuntimeName } from '../../otlp/shared/read-runtime-name.ts'
import { estimateSourceBytes } from './estimate-bytes.ts'
import type { SourceContent } from './source-content.ts'

/** The origin of spans and log records: a resource and a scope, held once for all that share it. */
export type Source = SourceContent & {
  /** No other has had it. */
  readonly id: number
  /** `service.name`; empty if the sender gave no name. */
  readonly service: string
  /** Of the runtime; see `readRuntimeName`. */
  readonly runtime: string
  /** Estimated. */
  readonly bytes: number
  /** When something of it last arrived, by our clock. */
  readonly lastSeenMillis: number
}

/**
 * Gives equal sources one object, and forgets it when its last holder has gone.
 *
 * Senders repeat the same resource with every request; unshared copies would cost more than the spans. Counting holders
 * keeps the sum of bytes true also for senders whose resource is new each time, such as an edge isolate.
 */
export type SourcePool = {
  /** The one object for such a source, held once more. */
  acquire(content: SourceContent): Source
  hold(source: Source): void
  release(source: Source): void
  /** Estimated bytes of all sources that are held. */
  readonly bytes: number
  readonly size: number
}

type Entry = {
  readonly key: string
  readonly source: Source & { lastSeenMillis: number }
  holders: number
}

/** @param nowMillis Milliseconds since the Unix epoch, for when a source was last seen. */
export function createSourcePool(nowMillis: () => number): SourcePool {
  const byKey = new Map<string, Entry>()
  const bySource = new Map<Source, Entry>()
  let bytes = 0
  let lastId = 0

  const intern = (content: SourceContent): Entry => {
    const key = renderKey(content)
    const known = byKey.get(key)
    if (known !== undefined) return known
    lastId += 1
    const source = {
      ...content,
      id: lastId,
      service: readText(content.resource, 'service.name'),
      runtime: readRuntimeName(content.resource.attributes),
      bytes: estimateSourceBytes(content) + key.length,
      lastSeenMillis: 0,
    }
    const entry = { key, source, holders: 0 }
    byKey.set(key, entry)
    bySource.set(source, entry)
    bytes += source.bytes
    return entry
  }

  return {
    get bytes() {
      return bytes
    },
    get size() {
      return bySource.size
    },
    acquire(content) {
      const entry = intern(content)
      entry.holders += 1
      entry.source.lastSeenMillis = nowMillis()
      return entry.source
    },
    hold(source) {
      const entry = bySource.get(source)
      if (entry !== undefined) entry.holders += 1
    },
    release(source) {
      const entry = bySource.get(source)
      if (entry === undefined) return
      entry.holders -= 1
      if (entry.holders > 0) return
      byKey.delete(entry.key)
      bySource.delete(source)
      bytes -= source.bytes
    },
  }
}

/** Calls `visit` with every item of a request and the one object of its source. */
export function visitItems<T>(
  pool: SourcePool,
  groups: readonly ResourceGroup<T>[],
  visit: (source: Source, item: T) => void,
): void {
  for (const { resource, schemaUrl: resourceSchemaUrl, scopes } of groups) {
    for (const { scope, schemaUrl: scopeSchemaUrl, items } of scopes) {
      // Held during the visit; a visitor that keeps an item holds it once more.
      const source = pool.acquire({ resource, resourceSchemaUrl, scope, scopeSchemaUrl })
      for (const item of items) visit(source, item)
      pool.release(source)
    }
  }
}

function readText(resource: Resource, key: string): string {
  const value = readAttribute(resource.attributes, key)
  return typeof value === 'string' ? value : ''
}

/** Text that only equal sources share: every part is quoted or marked with its type. */
function renderKey({ resource, scope, ...urls }: SourceContent): string {
  return [
    renderAttributes(resource.attributes),
    resource.droppedAttributesCount,
    JSON.stringify(resource.entityRefs),
    JSON.stringify(urls.resourceSchemaUrl),
    JSON.stringify(scope.name),
    JSON.stringify(scope.version),
    renderAttributes(scope.attributes),
    scope.droppedAttributesCount,
    JSON.stringify(urls.scopeSchemaUrl),
  ].join()
}

/** Text that only equal lists share; order and types count. */
export function renderAttributes(attributes: readonly Attribute[]): string {
  let text = '{'
  for (const { key, value } of attributes) text += `${JSON.stringify(key)}:${renderValue(value)},`
  return `${text}}`
}

/** Text that only equal values share: `"1"`, `1n` and `1` differ, as text, int and double do. */
export function renderValue(value: AnyValue): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === null) return 'null'
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`
  if ('entries' in value) return renderAttributes(value.entries)
  return `[${value.values.map(renderValue).join()}]`
}
