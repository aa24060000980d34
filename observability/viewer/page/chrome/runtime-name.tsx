import { colorOf } from '../state/colors.ts'
import { runtimeNames, serviceNames } from '../state/source-names.ts'

/** The name of a runtime with its colour; the name alone says which it is. */
export function RuntimeName({ name }: { readonly name: string | null }) {
  if (name === null) return <span class="runtime is-unnamed">–</span>
  return (
    <span class={`runtime ${runtimeClass(name)}`}>
      <i class="dot" aria-hidden="true" />
      <span class="name" title={name}>
        {name}
      </span>
    </span>
  )
}

/** The class that sets `--own` to the colour of a runtime, a service or another group. */
export function runtimeClass(name: string): string {
  return `c${colorOf(name, [...runtimeNames.value, ...serviceNames.value])}`
}
