import { useEffect, useMemo, useRef } from 'preact/hooks'
import { poll } from '../state/asking/poll.ts'
import { losses } from '../state/collector.ts'
import { hasReturned } from '../state/navigate.ts'
import { createLiveList, type LiveList, type LiveListOptions } from './live-list.ts'

const refreshMillis = 2_000

/** Keeps the list that a view showed last, for a return to it. */
export type ListKeeper<T> = {
  left?: { readonly key: string; readonly list: LiveList<T>; readonly losses: number }
}

/**
 * A live list for as long as it is shown; another `key` is another list.
 *
 * Going back to one finds it as it was left, with what has come meanwhile.
 */
export function useLiveList<T>(
  key: string,
  options: LiveListOptions<T>,
  keeper: ListKeeper<T>,
): LiveList<T> {
  const lost = losses.value
  const list = useMemo(() => {
    const { left } = keeper
    const isSame = left?.key === key && left.losses === lost
    return isSame && hasReturned() ? left.list : createLiveList(options)
  }, [key])
  const known = useRef(lost)
  useEffect(() => {
    if (known.current !== lost) list.clear()
    known.current = lost
    keeper.left = { key, list, losses: lost }
    return poll(list.refresh, refreshMillis)
  }, [list, lost])
  return list
}
