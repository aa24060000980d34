/** A difference between runtimes that a person has looked at and accepted, with the reason. */
export type DeclaredDifference = {
  readonly runtime: string
  readonly reason: string
  /** Patterns of what differs, where `*` stands for anything; an absent one fits all. */
  readonly matches: {
    readonly kind: string
    readonly operation?: string
    readonly path?: string
    readonly subject?: string
  }
}

/** The answer of `/api/known-differences`: given at the start; the collector itself does not use it. */
export type DeclaredDifferences = {
  /** The runtime that the others are compared with; `null` if there is no such runtime. */
  readonly reference: string | null
  readonly known: readonly DeclaredDifference[]
}

export const noDeclaredDifferences: DeclaredDifferences = { reference: null, known: [] }

const declarationsMax = 500
const declarationCharsMax = 4_000

/**
 * Reads declarations as `--known` gives them, a JSON object each.
 *
 * @throws Error in one sentence that names the flag and quotes what came.
 */
export function parseDeclaredDifferences(
  texts: readonly string[],
  reference: string | undefined,
): DeclaredDifferences {
  if (texts.length > declarationsMax) {
    throw new Error(`--known: expected at most ${declarationsMax}, got ${texts.length}`)
  }
  return { reference: reference || null, known: texts.map(parseDeclaration) }
}

function parseDeclaration(text: string): DeclaredDifference {
  if (text.length > declarationCharsMax) {
    throw new Error(`--known: expected at most ${declarationCharsMax} characters each`)
  }
  const value = parseJson(text)
  if (isDeclaration(value)) return value
  const got = JSON.stringify(text.slice(0, 80))
  throw new Error(
    `--known: expected {"runtime":"…","reason":"…","matches":{"kind":"…"}} with texts in it, got ${got}`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isDeclaration(value: unknown): value is DeclaredDifference {
  if (!isObject(value) || !isObject(value.matches)) return false
  const { runtime, reason, matches } = value
  const { kind, operation = '', path = '', subject = '' } = matches
  return [runtime, reason, kind, operation, path, subject].every((one) => typeof one === 'string')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
