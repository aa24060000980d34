import type { AnyValue } from '../../../otlp/model.ts'
import { renderAttributeLines } from './attribute-text.ts'
import { LongText } from './long-text.tsx'

/** The body of a log record that is a map, a list, or JSON; the title has any other. */
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
