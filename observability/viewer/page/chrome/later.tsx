import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { returns } from '../state/asking/connection.ts'
import { Empty, Waiting } from './parts.tsx'

type Loaded<P> = { readonly view: ComponentType<P> } | 'failed' | undefined

/** A view whose script is fetched when it is first shown, or earlier by `fetch`. */
export type Later<P> = ComponentType<P> & { fetch(): Promise<void> }

/**
 * Makes one. While the collector is away the script cannot be fetched, and is tried again when it is
 * back. It also fails when the page was built anew meanwhile and the old script has gone: to load the
 * page again mends that.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): Later<P> {
  let known: Loaded<P>
  let loading: Promise<Loaded<P>> | undefined

  function fetch(): Promise<Loaded<P>> {
    loading ??= load().then(
      (view) => {
        known = { view }
        return known
      },
      () => {
        loading = undefined
        return 'failed'
      },
    )
    return loading
  }

  function LaterView(props: P) {
    const [loaded, setLoaded] = useState<Loaded<P>>(known)
    const tries = returns.value
    useEffect(() => {
      if (loaded === undefined || loaded === 'failed') void fetch().then(setLoaded)
    }, [tries])
    if (loaded === undefined) {
      return (
        <section class="view" aria-busy="true">
          <Waiting />
        </section>
      )
    }
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
  return Object.assign(LaterView, { fetch: async () => void (await fetch()) })
}
