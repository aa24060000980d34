import type { Encoding } from '../../otlp/signal.ts'

/** The media type of each encoding, for requests and for their answers. */
export const mediaTypes: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
}

/**
 * The encoding that a `Content-Type` names, whatever its letter case and parameters;
 * `undefined` for any other, and for none.
 */
export function parseContentType(header: string | undefined): Encoding | undefined {
  const mediaType = header?.split(';', 1)[0]?.trim().toLowerCase()
  if (mediaType === mediaTypes.json) return 'json'
  if (mediaType === mediaTypes.protobuf) return 'protobuf'
  return undefined
}
