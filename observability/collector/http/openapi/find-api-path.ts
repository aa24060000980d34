import { readParameters } from '../../query/parameters.ts'
import { problemAnswer, QueryProblem } from '../../query/problem.ts'
import type { Answer } from '../../receive/respond.ts'
import { type ApiOperation, type ApiPath, apiPaths } from './api-paths.ts'

/** The path that is asked for, as the OpenAPI document has it, and what stands in place of its parameter. */
export type FoundPath = { readonly name: ApiPath; readonly id: string }

/** `undefined` for a path that is not described. */
export function findApiPath(path: string): FoundPath | undefined {
  for (const { name, pattern } of patterns) {
    const match = pattern.exec(path)
    if (match !== null) return { name, id: match[1] ?? '' }
  }
  return undefined
}

/**
 * The refusal of what the OpenAPI document does not have: 404 for another path, 405 for another method, and 400 for another
 * parameter.
 */
export function refuseUndescribed(
  method: string,
  path: string,
  parameters: URLSearchParams,
): Answer | undefined {
  try {
    check(method, path, parameters)
    return undefined
  } catch (error) {
    if (error instanceof QueryProblem) return problemAnswer(error)
    throw error
  }
}

function check(method: string, path: string, parameters: URLSearchParams): void {
  const found = findApiPath(path)
  if (found === undefined) throw new QueryProblem(404, `nothing is at ${path}`)
  const operations: Readonly<Record<string, ApiOperation>> = apiPaths[found.name]
  // HEAD is GET whose body is not sent, which is the server's affair.
  const asked = method === 'HEAD' ? 'GET' : method
  const operation = Object.hasOwn(operations, asked) ? operations[asked] : undefined
  if (operation === undefined) {
    const allow = Object.keys(operations).join(', ')
    throw new QueryProblem(405, `expected ${allow}, got ${method}`, { allow })
  }
  if (path.startsWith('/api/')) readParameters(parameters, operation.parameters ?? {})
}

const patterns = Object.keys(apiPaths)
  .filter(isApiPath)
  .map((name) => ({
    name,
    pattern: new RegExp(`^${name.replaceAll('.', '\\.').replace(/\{\w+\}/, '([^/]+)')}$`),
  }))

function isApiPath(name: string): name is ApiPath {
  return Object.hasOwn(apiPaths, name)
}
