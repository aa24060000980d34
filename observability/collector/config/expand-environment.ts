import { parse } from 'yaml'

/** Variables by name, such as `process.env`; tests pass their own. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A scalar of the file after expansion, or why it could not be expanded. */
export type Expanded =
  | { readonly value: string | number | boolean | null }
  | { readonly problem: string }

/**
 * Replaces `${env:NAME}`, `${env:NAME:-default}` and the short `${NAME}` as the Collector does. An unset variable
 * without default is empty; `$$` is a dollar sign. If the whole text is one reference, its value is read as YAML, so
 * that a number from the environment is a number.
 */
export function expandEnvironment(text: string, environment: Environment): Expanded {
  if (!text.includes('$')) return { value: text }
  let problem: string | undefined
  const expanded = text.replace(/\$\$|\$\{([^{}]*)\}/g, (whole, reference: string | undefined) => {
    if (reference === undefined) return '$'
    const match = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(reference)
    const name = match?.[1]
    if (name === undefined) {
      problem = `${whole} is not understood; expected \${env:NAME} or \${env:NAME:-default}`
      return ''
    }
    return environment[name] ?? match?.[2] ?? ''
  })
  if (problem !== undefined) return { problem }
  return { value: /^\$\{[^{}]*\}$/.test(text) ? readScalar(expanded) : expanded }
}

/** A variable may hold anything; only what YAML takes for a plain scalar is more than a text. */
function readScalar(text: string): string | number | boolean | null {
  try {
    const value: unknown = parse(text, { logLevel: 'silent', maxAliasCount: 0 })
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  } catch {
    // Not YAML, and so a text.
  }
  return text
}
