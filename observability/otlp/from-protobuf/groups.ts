import type { Attribute, EntityRef, Resource, ResourceGroup, Scope, ScopeGroup } from '../model.ts'
import type { GroupNames } from '../shared/group-names.ts'
import { readAttribute } from './any-value.ts'
import { ProtobufReader } from './reader.ts'

/** Unfolds a request down to its spans, log records or metrics. */
export function readGroups<T>(
  bytes: Uint8Array,
  names: GroupNames,
  readItem: (reader: ProtobufReader) => T,
): readonly ResourceGroup<T>[] {
  const reader = new ProtobufReader(bytes)
  const groups: ResourceGroup<T>[] = []
  const readGroup = () => readResourceGroup(reader, names, readItem)
  while (reader.hasMore()) {
    if (reader.readField() === 1) reader.readElement(names.resources, readGroup, groups)
    else reader.skip()
  }
  return groups
}

function readResourceGroup<T>(
  reader: ProtobufReader,
  names: GroupNames,
  readItem: (reader: ProtobufReader) => T,
): ResourceGroup<T> {
  const resource = { attributes: [], droppedAttributesCount: 0 }
  const scopes: ScopeGroup<T>[] = []
  let schemaUrl = ''
  const readGroup = () => readScopeGroup(reader, names, readItem)
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        reader.readMessage('resource', readResource, resource)
        break
      case 2:
        reader.readElement(names.scopes, readGroup, scopes)
        break
      case 3:
        schemaUrl = reader.readString('schemaUrl')
        break
      default:
        reader.skip()
    }
  }
  return { resource, schemaUrl, scopes }
}

function readScopeGroup<T>(
  reader: ProtobufReader,
  names: GroupNames,
  readItem: (reader: ProtobufReader) => T,
): ScopeGroup<T> {
  const scope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 }
  const items: T[] = []
  let schemaUrl = ''
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        reader.readMessage('scope', readScope, scope)
        break
      case 2:
        reader.readElement(names.items, readItem, items)
        break
      case 3:
        schemaUrl = reader.readString('schemaUrl')
        break
      default:
        reader.skip()
    }
  }
  return { scope, schemaUrl, items }
}

/** A message that may come in several parts is filled in place. */
type Draft<T> = { -readonly [K in keyof T]: T[K] } & { readonly attributes: Attribute[] }

function readResource(
  reader: ProtobufReader,
  resource: Draft<Resource> & { entityRefs?: EntityRef[] },
): void {
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        resource.attributes.push(reader.readAttribute(resource.attributes.length, readAttribute))
        break
      case 2:
        resource.droppedAttributesCount = reader.readUint32('droppedAttributesCount')
        break
      case 3:
        resource.entityRefs ??= []
        reader.readElement('entityRefs', readEntityRef, resource.entityRefs)
        break
      default:
        reader.skip()
    }
  }
}

function readEntityRef(reader: ProtobufReader): EntityRef {
  let schemaUrl = ''
  let type = ''
  const idKeys: string[] = []
  const descriptionKeys: string[] = []
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        schemaUrl = reader.readString('schemaUrl')
        break
      case 2:
        type = reader.readString('type')
        break
      case 3:
        reader.readStrings('idKeys', idKeys)
        break
      case 4:
        reader.readStrings('descriptionKeys', descriptionKeys)
        break
      default:
        reader.skip()
    }
  }
  return { schemaUrl, type, idKeys, descriptionKeys }
}

function readScope(reader: ProtobufReader, scope: Draft<Scope>): void {
  while (reader.hasMore()) {
    switch (reader.readField()) {
      case 1:
        scope.name = reader.readString('name')
        break
      case 2:
        scope.version = reader.readString('version')
        break
      case 3:
        scope.attributes.push(reader.readAttribute(scope.attributes.length, readAttribute))
        break
      case 4:
        scope.droppedAttributesCount = reader.readUint32('droppedAttributesCount')
        break
      default:
        reader.skip()
    }
  }
}
