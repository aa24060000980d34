import { computed, signal } from '@preact/signals'
import { parseAddress } from './address.ts'
import { shownRun } from './shown-run.ts'

const href = signal(typeof location === 'undefined' ? '/' : readHref())

/** Whether the reader came here by going back or forth. */
let isReturn = false

/** Whether the reader came to this view by going back or forth. */
export function hasReturned(): boolean {
  return isReturn
}

/** The view that the URL asks for. */
export const address = computed(() => {
  const [path = '/', search = ''] = href.value.split('?', 2)
  return parseAddress(path, search)
})

/**
 * Shows another address without loading the page anew.
 *
 * @param replace For what a reader would not want to go back to, such as each letter of a search.
 */
export function navigate(to: string, { replace = false } = {}): void {
  if (to === href.peek()) return
  isReturn = false
  history[replace ? 'replaceState' : 'pushState'](null, '', to)
  href.value = readHref()
}

/** Makes links to this page's own addresses change the view; all others, and all with a modifier key, are left alone. */
export function watchLinks(): void {
  addEventListener('popstate', () => {
    isReturn = true
    href.value = readHref()
  })
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null
    const to = link?.getAttribute('href') ?? ''
    if (!to.startsWith('/') || link?.hasAttribute('download') || link?.hasAttribute('target'))
      return
    if (to.startsWith('/api/') || to === '/metrics') return
    event.preventDefault()
    navigate(to)
  })
}

function readHref(): string {
  shownRun.value = new URLSearchParams(location.search).get('run') ?? ''
  return `${location.pathname}${location.search}`
}
