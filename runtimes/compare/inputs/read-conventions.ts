import type { Registry } from '../../../observability/comparison/conventions/registry/registry.ts'
import { readRegistry } from '../../../observability/driver/conventions/read-registry.ts'
import { describeError } from '../../../observability/plumbing/describe-error.ts'
import { StartError } from '../../processes/start-error.ts'

/** @throws StartError that says which versions of the conventions there are. */
export async function readConventions(version: string): Promise<Registry> {
  try {
    return await readRegistry(version)
  } catch (cause) {
    throw new StartError(`--conventions: ${describeError(cause)}`, { cause })
  }
}
