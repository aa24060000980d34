import * as v from 'valibot'

// What several tools are asked with, under one name each.

const textCharsMax = 1000

export const textArgument = v.pipe(v.string(), v.minLength(1), v.maxLength(textCharsMax))

const describe = (description: string) =>
  v.exactOptional(v.pipe(textArgument, v.description(description)))

export const whereArgument = describe(
  'Conditions that hold for one span: http.route=/todos http.response.status_code>=500 service.name="my shop" duration>100ms timeout. ' +
    'Fields are name, kind, status, duration, traceId, spanId, and any attribute of span or resource; a word alone is looked for everywhere.',
)
export const runArgument = describe('A run that is kept on disk: an id of overview, or last')
export const startArgument = describe('Not earlier than this, such as a mark: 2026-01-31T12:00:00Z')
export const endArgument = describe('Earlier than this: 2026-01-31T12:00:00Z')
export const cursorArgument = describe('nextCursor of the answer before, for the next part')
export const limitArgument = (limitDefault: number, limitMax: number) =>
  v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(limitMax),
      v.description(`How many, 1 to ${limitMax} (${limitDefault})`),
    ),
    limitDefault,
  )
export const traceIdArgument = v.pipe(
  v.string(),
  v.regex(/^[0-9a-fA-F]{32}$/, 'expected 32 hex digits, as find_traces gives them'),
  v.description('32 hex digits, as find_traces gives them'),
)

export const skipArgument = v.optional(
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(1_000_000),
    v.description('How many to leave out first, for the next part (0)'),
  ),
  0,
)
export const byArgument = describe(
  'An attribute of the server span or its resource whose values are the groups, such as service.version (hono.runtime.name)',
)
