import { useEffect, useMemo } from 'preact/hooks'
import { losses } from '../state/collector.ts'
import { poll } from '../state/poll.ts'
import { createLiveList, type LiveList, type LiveListOptions } from './live-list.ts'

const refreshMillis = 2_000

/** A live list for as long as it is shown; another `key` is another list. */
export function useLiveList<T>(key: string, options: LiveListOptions<T>): LiveList<T> {
  const list = useMemo(() => createLiveList(options), [key])
  const lost = losses.value
  useEffect(() => {
    list.clear()
    return poll(list.refresh, refreshMillis)
  }, [list, lost])
  return list
}
