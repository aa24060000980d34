import { checkExposure } from './check-exposure.ts'
import { checkBases, checkImages } from './check-images.ts'
import { checkLimits } from './check-limits.ts'
import { checkMounts } from './check-mounts.ts'
import { checkNetworks } from './check-networks.ts'
import { checkOrder } from './check-order.ts'
import { checkRights } from './check-rights.ts'
import { checkSchema } from './check-schema.ts'
import { checkSecrets } from './check-secrets.ts'
import { ComposeFileError, type Problem, parseComposeFile, renderProblem } from './compose-file.ts'
import { parseDockerfile } from './parse-dockerfile.ts'
import { readStack } from './services.ts'

export type ComposeInput = {
  readonly name: string
  readonly text: string
  /** What the services that are built are built by. */
  readonly dockerfile: string
  /** `.env.example`. */
  readonly example: string
  /** Whether there is such a file or folder, relative to that of the Compose file. */
  readonly exists: (path: string) => boolean
}

/**
 * What is wrong with a Compose file, by the specification's schema and by rules of our own.
 *
 * @returns a line each, such as `compose.yaml:12: services.node.ports[0]: …`; none when all is well.
 */
export function checkCompose(input: ComposeInput): readonly string[] {
  try {
    const file = parseComposeFile(input.name, input.text)
    const wrong = checkSchema(file)
    // The rules read what the schema allows.
    if (wrong.length > 0) return wrong.map((problem) => renderProblem(file, problem))
    const stages = parseDockerfile(input.dockerfile)
    const stack = readStack(file, stages)
    const problems: readonly Problem[] = [
      ...checkImages(stack),
      ...checkExposure(stack),
      ...checkLimits(stack),
      ...checkOrder(stack),
      ...checkSecrets(stack, input.example),
      ...checkMounts(stack, input.exists),
      ...checkNetworks(stack),
      ...checkRights(stack),
    ]
    return [...problems.map((problem) => renderProblem(file, problem)), ...checkBases(stages)]
  } catch (error) {
    if (error instanceof ComposeFileError) return [error.message]
    throw error
  }
}
