import { signal } from '@preact/signals'
import { shortcutPlaces, shortcuts } from '../state/shortcuts.ts'
import { Dialog } from './dialog.tsx'

/** Whether the keys are shown. */
export const areShortcutsShown = signal(false)

/** All keys of the page. */
export function ShortcutsDialog() {
  if (!areShortcutsShown.value) return null
  const close = () => {
    areShortcutsShown.value = false
  }
  return (
    <Dialog title="Keys" onClose={close}>
      <div class="shortcuts">
        {shortcutPlaces.map(([place, where]) => (
          <section key={place}>
            <h3>{where}</h3>
            <dl class="facts">
              {shortcuts
                .filter((one) => one.place === place)
                .map(({ keys, does }) => (
                  <div key={does}>
                    <dt>
                      {keys.map((key) => (
                        <kbd key={key}>{renderKey(key)}</kbd>
                      ))}
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="dialog-actions">
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
    </Dialog>
  )
}

const names: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageDown: 'Page ↓',
  PageUp: 'Page ↑',
  ' ': 'Space',
}

/** As it stands on a keyboard. */
function renderKey(key: string): string {
  const isCapital = /^[A-Z]$/.test(key)
  return names[key] ?? (isCapital ? `Shift ${key.toLowerCase()}` : key)
}
