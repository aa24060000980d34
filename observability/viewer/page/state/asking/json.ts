import { isJsonObject, type JsonObject } from '../../../../otlp/from-json/json-text.ts'

/** Thrown by the readers below; what they read is the collector's, so it is a version that does not fit. */
class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer'
}

/** @throws UnexpectedAnswer that names `where`, unless the value is an object. */
export function readObject(value: unknown, where: string): JsonObject {
  if (isJsonObject(value)) return value
  throw new UnexpectedAnswer(`${where}: expected an object`)
}

/**
 * @param readItem Is given each item with its place, such as `traces[3]`.
 * @throws UnexpectedAnswer.
 */
export function readList<T>(
  value: unknown,
  where: string,
  readItem: (item: unknown, where: string) => T,
): readonly T[] {
  if (!Array.isArray(value)) throw new UnexpectedAnswer(`${where}: expected a list`)
  return value.map((item, index) => readItem(item, `${where}[${index}]`))
}

/** @throws UnexpectedAnswer that names the place. */
export function readText(value: unknown, where: string): string {
  if (typeof value === 'string') return value
  throw new UnexpectedAnswer(`${where}: expected text`)
}

/** @throws UnexpectedAnswer that names the place; also for digits in a text. */
export function readNumber(value: unknown, where: string): number {
  if (typeof value === 'number') return value
  throw new UnexpectedAnswer(`${where}: expected a number`)
}

/** `null` for what the collector does not know. */
export function orNull<T>(
  read: (value: unknown, where: string) => T,
): (value: unknown, where: string) => T | null {
  return (value, where) => (value === null || value === undefined ? null : read(value, where))
}
