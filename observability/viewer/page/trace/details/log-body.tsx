import type { AnyValue } from '../../../../otlp/model.ts'
import { renderAttributeLines } from './attribute-text.ts'
import { LongText } from './long-text.tsx'

/** The body of a log record if it has several lines: a map, a list, JSON. Any other stands in the title. */
export function LogBody({ body }: { readonly body: AnyValue }) {
  const text = renderAttributeLines(body)
  if (!text.includes('\n')) return null
  return (
    <>
      <h3>Body</h3>
      <pre class="log-body">
        <LongText text={text} />
      </pre>
    </>
  )
}
