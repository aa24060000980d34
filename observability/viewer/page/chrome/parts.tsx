import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { connection } from '../state/asking/connection.ts'

/** A button that puts text on the clipboard and says so. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const state = useSignal<'idle' | 'done' | 'failed'>('idle')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      state.value = 'done'
    } catch {
      state.value = 'failed'
    }
    setTimeout(() => {
      state.value = 'idle'
    }, 2_000)
  }
  const said = { idle: label, done: 'Copied', failed: 'Could not copy' }[state.value]
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      <span aria-live="polite">{said}</span>
    </button>
  )
}

/** A command to copy. */
export function Command({ text }: { readonly text: string }) {
  return (
    <div class="command">
      <code>{text}</code>
      <CopyButton text={text} label="Copy" />
    </div>
  )
}

/** Replaces an empty list, with advice. */
export function Empty({
  title,
  isView = false,
  children,
}: {
  readonly title: string
  /** It stands for a whole view, and bears its heading. */
  readonly isView?: boolean
  readonly children?: ComponentChildren
}) {
  return (
    <div class="empty">
      {isView ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  )
}

/** Stands in until the collector has answered; invisible if that is quick. */
export function Waiting() {
  const isLost = connection.value.state === 'lost'
  return (
    <span class="waiting muted">
      {isLost ? 'This comes when the collector answers again.' : 'Asking the collector…'}
    </span>
  )
}

/** An HTTP status, coloured by its class; the number says it all. */
export function HttpStatus({ status }: { readonly status: number | null }) {
  if (status === null) return <span class="http is-none">–</span>
  return <span class={`http is-${Math.floor(status / 100)}xx`}>{status}</span>
}
