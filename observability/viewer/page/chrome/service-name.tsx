import { runtimeClass } from './runtime-name.tsx'

/** The name of a service with its colour; the name alone says which it is. */
export function ServiceName({
  name,
  others = [],
}: {
  readonly name: string | null
  /** Services of the same trace, which may have it among them. */
  readonly others?: readonly string[]
}) {
  if (name === null) return <span class="service-name is-unnamed">–</span>
  const more = others.filter((other) => other !== name)
  return (
    <span class="service-name" title={[name, ...more].join(', ')}>
      <ServiceMark name={name} />
      <span class="name">{name}</span>
      {more.length > 0 && <span class="muted">+{more.length}</span>}
    </span>
  )
}

/** The colour of a service alone: square, where that of a runtime is round. */
export function ServiceMark({ name }: { readonly name: string }) {
  return <i class={`dot is-service ${runtimeClass(name)}`} aria-hidden="true" title={name} />
}
