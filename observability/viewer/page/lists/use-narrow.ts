import { useEffect, useState } from 'preact/hooks'

/** As in the style sheets: below it a row of a list takes two lines. */
const narrowQuery = '(max-width: 620px)'

/** Whether the window is as narrow as a telephone's, or zoomed until it is. */
export function useNarrow(): boolean {
  const [isNarrow, setIsNarrow] = useState(() => matchMedia(narrowQuery).matches)
  useEffect(() => {
    const list = matchMedia(narrowQuery)
    const note = () => setIsNarrow(list.matches)
    list.addEventListener('change', note)
    return () => list.removeEventListener('change', note)
  }, [])
  return isNarrow
}
