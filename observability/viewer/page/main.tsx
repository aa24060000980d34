import { render } from 'preact'
import { App } from './app.tsx'
import { restoreTheme } from './chrome/theme-button.tsx'
import { watchCollector } from './state/collector.ts'
import { watchLinks } from './state/navigate.ts'

restoreTheme()
watchLinks()
watchCollector()
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
