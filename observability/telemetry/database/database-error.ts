/**
 * What may be repeated of an error that PostgreSQL sent. Its own words may not: they quote values, such as the key that
 * exists already or the text that is no number, and not always between quotes.
 */
export type DatabaseError = {
  /** Five characters. */
  readonly sqlState: string
  /** Class, state and whose rule was broken: `integrity constraint violation (23505), constraint todos_pkey`. */
  readonly description: string
}

/** The error that PostgreSQL sent, if `error` is one. */
export function readDatabaseError(error: unknown): DatabaseError | undefined {
  const sqlState = readErrorCode(error)
  if (sqlState === undefined || !isSqlState(sqlState)) return undefined
  const condition = conditions[sqlState.slice(0, 2)] ?? 'SQLSTATE'
  const names = ['constraint', 'column'].map((kind) => {
    const name: unknown = Reflect.get(Object(error), kind)
    return typeof name === 'string' && name !== '' ? `, ${kind} ${name}` : ''
  })
  return { sqlState, description: `${condition} (${sqlState})${names.join('')}` }
}

/** What SQLite says went wrong: the number that Node's driver tells, or the name that `better-sqlite3` does. */
export function readSqliteCode(error: unknown): string | undefined {
  const number: unknown = Reflect.get(Object(error), 'errcode')
  if (typeof number === 'number') return String(number)
  const name = readErrorCode(error)
  return name?.startsWith('SQLITE_') ? name : undefined
}

/** The `code` of an error, as drivers and sockets set it. */
export function readErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Five characters are a SQLSTATE, unless they are one of the sockets' own, such as `EPIPE`; no SQLSTATE begins so. */
function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]+$/.test(code)
}

/**
 * The classes of SQLSTATE that a service meets.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const conditions: Readonly<Record<string, string>> = {
  '08': 'connection exception',
  '0A': 'feature not supported',
  '21': 'cardinality violation',
  '22': 'data exception',
  '23': 'integrity constraint violation',
  '25': 'invalid transaction state',
  '26': 'invalid SQL statement name',
  '28': 'invalid authorization specification',
  '3D': 'invalid catalog name',
  '40': 'transaction rollback',
  '42': 'syntax error or access rule violation',
  '53': 'insufficient resources',
  '54': 'program limit exceeded',
  '55': 'object not in prerequisite state',
  '57': 'operator intervention',
  '58': 'system error',
  P0: 'PL/pgSQL error',
  XX: 'internal error',
}
