import type { Variables } from '../settings/variable-reader.ts'

/**
 * What is used of `process` where there is one. The types of the platforms exclude each other, and who installs this
 * package has those of one.
 */
export type PlatformProcess = {
  readonly env: Variables
  readonly versions: { readonly node: string }
  readonly stdout: { write(text: string): unknown }
}
