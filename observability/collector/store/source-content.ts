import type { Resource, Scope } from '../../otlp/model.ts'

/** The fields by which two sources differ. */
export type SourceContent = {
  readonly resource: Resource
  readonly resourceSchemaUrl: string
  readonly scope: Scope
  readonly scopeSchemaUrl: string
}
