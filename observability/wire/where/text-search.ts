import type { AnyValue, Attribute } from '../../otlp/model.ts'

/** Whether a text holds the wanted words, in upper or lower case. */
export type TextSearch = (text: string) => boolean

/** A regular expression, because lower-casing every text that is looked at would copy each of them. */
export function createTextSearch(words: string): TextSearch {
  const pattern = new RegExp(words.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'i')
  return (text) => pattern.test(text)
}

/** Whether the words occur in a value; keys do not count. */
export function attributesContain(attributes: readonly Attribute[], search: TextSearch): boolean {
  return attributes.some(({ value }) => valueContains(value, search))
}

/** Looks into lists and maps, and at numbers as decimal digits; booleans and bytes never match. */
export function valueContains(value: AnyValue, search: TextSearch): boolean {
  if (typeof value === 'string') return search(value)
  if (typeof value === 'bigint' || typeof value === 'number') return search(String(value))
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return false
  if ('entries' in value) return attributesContain(value.entries, search)
  return value.values.some((item) => valueContains(item, search))
}
