import type { SpanNode } from '../../../comparison/trace/trace-tree.ts'
import { readAttribute } from '../../../otlp/model.ts'
import { quote } from '../../text/quote.ts'

/** Why a span failed, by its status, its exception or its attributes: each in quotes. */
export function renderFailure({ span }: Pick<SpanNode, 'span'>): string {
  const exception = span.events.find(({ name }) => name === 'exception')
  const read = (key: string) =>
    readAttribute(span.attributes, key) ?? readAttribute(exception?.attributes ?? [], key)
  const [type, message] = [read('error.type') ?? read('exception.type'), read('exception.message')]
  const said = [type, span.status.message, message].filter(
    (text, index, all) => typeof text === 'string' && text !== '' && all.indexOf(text) === index,
  )
  return said.length === 0
    ? 'without a reason'
    : said.map((text) => quote(String(text), 200)).join(' ')
}
