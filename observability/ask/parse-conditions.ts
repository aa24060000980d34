import { parseWhere, type Where, WhereError } from '../wire/where/where.ts'
import { AskError } from './ask-collector.ts'

/** @throws AskError that says where the conditions are wrong. */
export function parseConditions(text = ''): Where {
  try {
    return parseWhere(text)
  } catch (error) {
    if (error instanceof WhereError) throw new AskError(`where: ${error.message}`, 400)
    throw error
  }
}
