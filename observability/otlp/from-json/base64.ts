// Without Node's Buffer, because the page decodes OTLP/JSON in a browser. Byte values are rare and
// small: that this takes some steps more does not show.

/**
 * The bytes that base64 stands for, in either alphabet, with or without padding.
 *
 * @throws DOMException when the text is not base64; callers check before, to say where it stands.
 */
export function decodeBase64(text: string): Uint8Array {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(binary, (char) => char.charCodeAt(0))
}

/** Base64 in the standard alphabet, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
