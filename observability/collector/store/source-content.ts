import type { Resource, Scope } from '../../otlp/model.ts'

/** What tells two sources apart. */
export type SourceContent = {
  readonly resource: Resource
  readonly resourceSchemaUrl: string
  readonly scope: Scope
  readonly scopeSchemaUrl: string
}
