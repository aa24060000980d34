import { join } from 'node:path'
import { build } from 'vite'

const pageFolder = join(import.meta.dirname, 'page')

/** Bundles the page into a folder, as files that need nothing from elsewhere. */
export async function bundleViewer(outFolder: string): Promise<void> {
  await build({
    configFile: false,
    root: pageFolder,
    base: '/',
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: outFolder,
      emptyOutDir: true,
      target: 'es2022',
      // Its polyfill is a script that only older browsers need, and one chunk preloads nothing.
      modulePreload: false,
      // A data: URL would need a hole in the Content-Security-Policy.
      assetsInlineLimit: 0,
      reportCompressedSize: false,
    },
  })
}
