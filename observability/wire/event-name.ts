import { type AnyValue, type LogRecord, readAttribute } from '../otlp/model.ts'

/** The field, or the attribute that carried the name before there was one; empty for neither. */
export function readEventName(record: LogRecord): string {
  if (record.eventName !== '') return record.eventName
  const name: AnyValue | undefined = readAttribute(record.attributes, 'event.name')
  return typeof name === 'string' ? name : ''
}
