import * as v from 'valibot'

/** Adds the description that a published JSON Schema or OpenAPI document shows for the schema. */
export function described<S extends v.GenericSchema>(schema: S, description: string) {
  return v.pipe(schema, v.description(description))
}
