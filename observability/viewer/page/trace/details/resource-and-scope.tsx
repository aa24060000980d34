import type { Resource, Scope } from '../../../../otlp/model.ts'
import { AttributeTable } from './attribute-table.tsx'

/** What sent it: closed at first, because it is the same for many. */
export function ResourceAndScope({
  resource,
  scope,
}: {
  readonly resource: Resource
  readonly scope: Scope
}) {
  return (
    <details>
      <summary>Resource and scope</summary>
      <AttributeTable
        label="Resource attributes"
        attributes={resource.attributes}
        dropped={resource.droppedAttributesCount}
      />
      <p class="muted">
        scope {scope.name || '(no name)'} {scope.version}
      </p>
      <AttributeTable
        label="Scope attributes"
        attributes={scope.attributes}
        dropped={scope.droppedAttributesCount}
      />
    </details>
  )
}
