import { type ShortcutAction, type ShortcutPlace, shortcuts } from './shortcuts.ts'

/**
 * What a key does there.
 *
 * @returns `undefined` for any other key, with a modifier, while somebody types, and behind a dialog.
 */
export function readShortcut(
  place: ShortcutPlace,
  event: KeyboardEvent,
): ShortcutAction | undefined {
  const { target, key, ctrlKey, metaKey, altKey } = event
  if (ctrlKey || metaKey || altKey) return undefined
  if (target instanceof Element && target.matches(typing)) return undefined
  return shortcuts.find((one) => one.place === place && one.keys.some((own) => own === key))?.action
}

const typing = 'input:not([type=checkbox]), select, textarea, dialog, dialog *'
