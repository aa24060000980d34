import { toJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import { AskError } from '../ask-collector.ts'
import type { Tool } from '../tools/tool.ts'

/** One argument of a tool, as a flag of a command. */
export type ToolFlag = {
  readonly argument: string
  /** Such as `trace-id`. */
  readonly flag: string
  readonly kind: 'text' | 'number' | 'list'
  /** Given without a flag, behind the command. */
  readonly isPositional: boolean
  readonly description: string
}

const propertySchema = v.object({
  type: v.optional(v.string(), 'string'),
  description: v.optional(v.string(), ''),
})

/** The arguments of a tool; what it requires is positional. */
export function listToolFlags({ input }: Tool): readonly ToolFlag[] {
  const { properties = {}, required = [] } = toJsonSchema(input)
  return Object.entries(properties).map(([argument, property]) => {
    const { type, description } = v.parse(propertySchema, property)
    return {
      argument,
      flag: argument.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      kind: type === 'array' ? 'list' : type === 'integer' ? 'number' : 'text',
      isPositional: required.includes(argument),
      description,
    }
  })
}

/**
 * What a command line says, as a tool takes it.
 *
 * @throws AskError for something positional that is missing or too much.
 */
export function readToolArguments(
  flags: readonly ToolFlag[],
  values: Readonly<Record<string, unknown>>,
  positionals: readonly string[],
): Readonly<Record<string, unknown>> {
  const wanted = flags.filter(({ isPositional }) => isPositional)
  if (positionals.length !== wanted.length) {
    const names = wanted.map(({ flag }) => flag.toUpperCase()).join(' ') || 'nothing'
    throw new AskError(
      `expected ${names} behind the command, got ${positionals.join(' ') || 'nothing'}; see --help`,
    )
  }
  const given = wanted.map(({ argument }, index) => [argument, positionals[index]])
  const others = flags.flatMap(({ argument, flag, kind, isPositional }) => {
    const value = values[flag]
    if (isPositional || value === undefined) return []
    return [[argument, kind === 'number' ? Number(value) : value]]
  })
  return Object.fromEntries([...given, ...others])
}
