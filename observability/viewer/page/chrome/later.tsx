import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Empty } from './parts.tsx'

type Loaded<P> = { readonly view: ComponentType<P> } | 'failed' | undefined

/**
 * A view whose script is fetched when it is first shown.
 *
 * It fails when the page was built anew meanwhile and the old script has gone: to load the page
 * again mends that.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>) {
  let known: Loaded<P>
  return function Later(props: P) {
    const [loaded, setLoaded] = useState<Loaded<P>>(known)
    useEffect(() => {
      if (loaded !== undefined) return
      load().then(
        (view) => {
          known = { view }
          setLoaded(known)
        },
        () => setLoaded('failed'),
      )
    }, [])
    if (loaded === undefined) return <section class="view" aria-busy="true" />
    if (loaded === 'failed') {
      return (
        <Empty title="This part of the page could not be loaded" isView>
          <button type="button" onClick={() => location.reload()}>
            Load the page again
          </button>
        </Empty>
      )
    }
    const View = loaded.view
    return <View {...props} />
  }
}
