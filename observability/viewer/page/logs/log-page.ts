import { parseAnyValue, parseAttributes } from '../../../otlp/from-json/any-value.ts'
import { isJsonObject } from '../../../otlp/from-json/json-text.ts'
import type { AnyValue, Attribute } from '../../../otlp/model.ts'
import type { LogLine as WireLogLine } from '../../../wire/logs.ts'
import { readPage } from '../state/asking/answers.ts'
import { orNull, readObject, readText } from '../state/asking/json.ts'

/** As the collector writes it, with its time as a number, and its values read. */
export type LogLine = Pick<
  WireLogLine,
  'id' | 'eventName' | 'traceId' | 'spanId' | 'service' | 'runtime'
> & {
  readonly timeNanos: bigint
  readonly severity: string | null
  readonly body: AnyValue
  readonly attributes: readonly Attribute[]
}

/** Reads `/api/logs`. */
export const readLogPage = readPage('logs', readLogLine)

function readLogLine(value: unknown, where: string): LogLine {
  const line = readObject(value, where)
  return {
    id: readText(line.id, `${where}.id`),
    timeNanos: BigInt(readText(line.timeUnixNano, `${where}.timeUnixNano`)),
    severity: orNull(readText)(line.severity, `${where}.severity`),
    body: isJsonObject(line.body)
      ? parseAnyValue(line.body)
      : orNull(readText)(line.body, `${where}.body`),
    eventName: orNull(readText)(line.eventName, `${where}.eventName`),
    attributes: parseAttributes(line.attributes, `${where}.attributes`),
    traceId: orNull(readText)(line.traceId, `${where}.traceId`),
    spanId: orNull(readText)(line.spanId, `${where}.spanId`),
    service: orNull(readText)(line.service, `${where}.service`),
    runtime: orNull(readText)(line.runtime, `${where}.runtime`),
  }
}
