import type { EntityRef, Resource, ResourceGroup, Scope } from '../model.ts'
import type { GroupNames } from '../shared/group-names.ts'
import { parseAttributes } from './any-value.ts'
import { parseArray, parseMessage, parseMessages, parseString, parseUint32 } from './json-fields.ts'
import type { JsonObject } from './json-text.ts'

/** Unfolds a request down to its spans, log records or metrics. */
export function parseGroups<T>(
  request: JsonObject,
  names: GroupNames,
  parseItem: (object: JsonObject) => T,
): readonly ResourceGroup<T>[] {
  return parseMessages(request[names.resources], names.resources, (group) => ({
    resource: parseMessage(group.resource, 'resource', parseResource),
    schemaUrl: parseString(group.schemaUrl, 'schemaUrl'),
    scopes: parseMessages(group[names.scopes], names.scopes, (scopeGroup) => ({
      scope: parseMessage(scopeGroup.scope, 'scope', parseScope),
      schemaUrl: parseString(scopeGroup.schemaUrl, 'schemaUrl'),
      items: parseMessages(scopeGroup[names.items], names.items, parseItem),
    })),
  }))
}

export function parseResource(object: JsonObject): Resource {
  const entityRefs = parseMessages(object.entityRefs, 'entityRefs', parseEntityRef)
  return {
    attributes: parseAttributes(object.attributes, 'attributes'),
    droppedAttributesCount: parseUint32(object.droppedAttributesCount, 'droppedAttributesCount'),
    ...(entityRefs.length > 0 && { entityRefs }),
  }
}

function parseEntityRef(object: JsonObject): EntityRef {
  return {
    schemaUrl: parseString(object.schemaUrl, 'schemaUrl'),
    type: parseString(object.type, 'type'),
    idKeys: parseArray(object.idKeys, 'idKeys', parseString),
    descriptionKeys: parseArray(object.descriptionKeys, 'descriptionKeys', parseString),
  }
}

export function parseScope(object: JsonObject): Scope {
  return {
    name: parseString(object.name, 'name'),
    version: parseString(object.version, 'version'),
    attributes: parseAttributes(object.attributes, 'attributes'),
    droppedAttributesCount: parseUint32(object.droppedAttributesCount, 'droppedAttributesCount'),
  }
}
