import type { Resource, ResourceGroup } from '../model.ts'
import type { GroupNames } from '../shared/group-names.ts'
import { renderAttributes } from './any-value.ts'
import {
  type JsonValue,
  optionalList,
  optionalMessage,
  optionalNumber,
  optionalText,
} from './json-value.ts'

/** Folds spans, log records or metrics into a request. */
export function renderGroups<T>(
  groups: readonly ResourceGroup<T>[],
  names: GroupNames,
  renderItem: (item: T) => JsonValue,
): JsonValue {
  return {
    [names.resources]: optionalList(groups, ({ resource, schemaUrl, scopes }) => ({
      resource: renderResource(resource),
      [names.scopes]: optionalList(scopes, (group) => ({
        scope: optionalMessage({
          name: optionalText(group.scope.name),
          version: optionalText(group.scope.version),
          attributes: renderAttributes(group.scope.attributes),
          droppedAttributesCount: optionalNumber(group.scope.droppedAttributesCount),
        }),
        [names.items]: optionalList(group.items, renderItem),
        schemaUrl: optionalText(group.schemaUrl),
      })),
      schemaUrl: optionalText(schemaUrl),
    })),
  }
}

/** `undefined` for a resource of which nothing is known, which leaves the field out. */
export function renderResource(resource: Resource): JsonValue | undefined {
  return optionalMessage({
    attributes: renderAttributes(resource.attributes),
    droppedAttributesCount: optionalNumber(resource.droppedAttributesCount),
    entityRefs: optionalList(resource.entityRefs ?? [], (entity) => ({
      schemaUrl: optionalText(entity.schemaUrl),
      type: optionalText(entity.type),
      idKeys: optionalList(entity.idKeys, String),
      descriptionKeys: optionalList(entity.descriptionKeys, String),
    })),
  })
}
