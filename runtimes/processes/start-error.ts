/** Why something cannot start, in one sentence for the person who started it. No stack is shown. */
export class StartError extends Error {
  override readonly name: string = 'StartError'
}

/** npm had no program of that runtime for this platform: the others can run without it. */
export class MissingRuntimeError extends StartError {}
