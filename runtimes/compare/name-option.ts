import { describeError } from '../../observability/plumbing/describe-error.ts'

/** Parses the value of an option; an error begins with its name. */
export function nameOption<T>(option: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    throw new Error(`${option}: ${describeError(cause)}`, { cause })
  }
}
