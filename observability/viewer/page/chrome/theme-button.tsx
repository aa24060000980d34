import { signal } from '@preact/signals'

type Theme = 'system' | 'light' | 'dark'

const themes: readonly Theme[] = ['system', 'light', 'dark']
const theme = signal<Theme>('system')
const storageKey = 'theme'

/** Restores the reader's choice; the system's if there is no choice or no storage. */
export function restoreTheme(): void {
  try {
    const stored = localStorage.getItem(storageKey)
    apply(themes.find((name) => name === stored) ?? 'system')
  } catch {
    apply('system')
  }
}

/** Goes through the colour schemes: as the system has it, light, dark. */
export function ThemeButton() {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system'
  return (
    <button
      type="button"
      class="quiet theme"
      title={`Colours: ${theme.value}. Change to ${next}`}
      aria-label={`Colours: ${theme.value}. Change to ${next}`}
      onClick={() => apply(next)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="5.5" class="ring" />
        <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" class="half" />
      </svg>
    </button>
  )
}

function apply(chosen: Theme): void {
  theme.value = chosen
  if (chosen === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
  try {
    if (chosen === 'system') localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, chosen)
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
}
