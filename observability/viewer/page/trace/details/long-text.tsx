import { useState } from 'preact/hooks'
import { formatCount } from '../../state/format.ts'

/** Characters of a long text that are shown before a click: a megabyte would slow the document. */
const shownCharsMax = 2_000

/** A text of any length. */
export function LongText({ text }: { readonly text: string }) {
  const [isWhole, setIsWhole] = useState(false)
  if (isWhole || text.length <= shownCharsMax) return <>{text}</>
  return (
    <>
      {text.slice(0, shownCharsMax)}…{' '}
      <button type="button" class="quiet" onClick={() => setIsWhole(true)}>
        Show all {formatCount(text.length)} characters
      </button>
    </>
  )
}
