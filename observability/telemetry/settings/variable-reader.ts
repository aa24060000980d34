/**
 * Variables by name, as `process.env` or a Worker's bindings hold them. A binding may be a number or a boolean; whatever
 * else it may be is not a variable.
 */
export type Variables = Readonly<Record<string, unknown>>

/** A variable that is not obeyed as it was meant; the message names it, and repeats nothing that may be secret. */
export type SettingWarning = { readonly variable: string; readonly message: string }

/** What a variable may hold. */
export type Kind<T> = {
  /** For the end of "expected …". */
  readonly expected: string
  /** `undefined` for what it may not hold. */
  readonly parse: (value: string) => T | undefined
  /** Whether a value may be repeated in a warning; by default it may. */
  readonly isSecret?: (value: string) => boolean
  /** The value that is used, for a warning. */
  readonly show?: (value: T) => string
}

/** Gives each setting its value or its default, and collects warnings instead of throwing. */
export type VariableReader = {
  /**
   * The first of the variables that is set and holds what it may; else the default. One that holds something else is
   * warned about and counts as not set, as the specification wants it.
   */
  read<T>(kind: Kind<T>, fallback: T, ...names: readonly string[]): T
  /** The entries of a list between commas that are known, each once; the default when none is. */
  readList<const T extends string>(name: string, known: readonly T[], fallback: T[]): readonly T[]
  warn(variable: string, message: string): void
  readonly warnings: readonly SettingWarning[]
  /** Variables of that prefix that are set, and that nobody asked for. */
  listUnread(prefix: string): readonly string[]
}

/** Reads variables by the rules of the OpenTelemetry specification, and remembers what it could not use. */
export function createVariableReader(variables: Variables): VariableReader {
  const asked = new Set<string>()
  const warnings = new Map<string, SettingWarning>()

  /** Said once, though more than one signal may read the same variable. */
  function warn(variable: string, message: string): void {
    if (!warnings.has(variable)) warnings.set(variable, { variable, message })
  }

  function find(name: string): string | undefined {
    asked.add(name)
    return readText(variables, name)
  }

  return {
    read({ expected, parse, isSecret = () => false, show = String }, fallback, ...names) {
      const given = names.flatMap((name) => {
        const value = find(name)
        return value === undefined ? [] : [{ name, value, parsed: parse(value) }]
      })
      const first = given.findIndex(({ parsed }) => parsed !== undefined)
      const used = given[first]?.parsed ?? fallback
      for (const { name, value } of first < 0 ? given : given.slice(0, first)) {
        const got = isSecret(value) ? 'something else' : JSON.stringify(value.slice(0, 80))
        warn(name, `${name}: expected ${expected}, got ${got}; ${show(used)} is used instead`)
      }
      return used
    },
    readList(name, known, fallback) {
      const value = find(name)
      if (value === undefined) return fallback
      const entries = value.split(',').map((entry) => entry.trim().toLowerCase())
      const found = known.filter((candidate) => entries.includes(candidate))
      const used = found.length > 0 ? found : fallback
      const unknown = entries.find((entry) => entry !== '' && known.every((one) => one !== entry))
      if (unknown !== undefined)
        warn(
          name,
          `${name}: expected some of ${known.join(', ')}, got ${JSON.stringify(unknown.slice(0, 80))} among others; ${used.join(',')} is used instead`,
        )
      return used
    },
    warn,
    get warnings() {
      return [...warnings.values()]
    },
    listUnread: (prefix) =>
      Object.keys(variables).filter(
        (name) =>
          name.startsWith(prefix) && !asked.has(name) && readText(variables, name) !== undefined,
      ),
  }
}

/** An empty variable counts as one that is not set, as the specification wants it. */
function readText(variables: Variables, name: string): string | undefined {
  const value = variables[name]
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
