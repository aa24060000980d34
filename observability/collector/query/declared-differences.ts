import * as v from 'valibot'
import {
  type DeclaredDifference,
  type DeclaredDifferences,
  declaredDifferenceSchema,
} from '../../wire/known-differences.ts'

/** For a collector that was started without declared differences. */
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
  const declared = v.safeParse(declaredDifferenceSchema, parseJson(text))
  if (declared.success) return declared.output
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
