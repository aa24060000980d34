import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type InlineConfig, type Rolldown } from 'vite'

const pageFolder = join(import.meta.dirname, 'page')

const shared = {
  configFile: false,
  root: pageFolder,
  base: '/',
  logLevel: 'warn',
  publicDir: false,
} as const

const output = {
  target: 'es2022',
  // Its polyfill is a script that only older browsers need.
  modulePreload: false,
  // A data: URL would need a hole in the Content-Security-Policy.
  assetsInlineLimit: 0,
  reportCompressedSize: false,
} as const

/**
 * The first view is one file, and what several other views share is one: each further file would be asked for only when
 * the one before it has come.
 */
const groups = [
  { name: 'index', test: /\/page\/main\.tsx$/, priority: 1 },
  { name: 'shared', minShareCount: 2 },
]

/** Bundles the page into a folder, as files that need nothing from elsewhere. */
export async function bundleViewer(outFolder: string): Promise<void> {
  const rolldownOptions = { output: { codeSplitting: { groups } } }
  await buildForUse({
    ...shared,
    build: { ...output, outDir: outFolder, emptyOutDir: true, rolldownOptions },
  })
}

/** Bundles the report's script and style, one of each, into a folder. */
export async function bundleReport(outFolder: string): Promise<void> {
  const input = join(pageFolder, 'report.html')
  const built = await buildForUse({
    ...shared,
    build: { ...output, write: false, cssCodeSplit: false, rolldownOptions: { input } },
  })
  const files = listFiles(built)
  await mkdir(outFolder, { recursive: true })
  await writeFile(join(outFolder, 'report.js'), readOnly(files, '.js'))
  await writeFile(join(outFolder, 'report.css'), readOnly(files, '.css'))
}

/**
 * Vite takes over an already set environment. From within a test it would build something else: larger by a tenth, with
 * the names of source files in it.
 */
async function buildForUse(config: InlineConfig): ReturnType<typeof build> {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    return await build(config)
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

type OutputFile = Rolldown.RolldownOutput['output'][number]

function listFiles(built: Awaited<ReturnType<typeof build>>): readonly OutputFile[] {
  if (Array.isArray(built)) return built.flatMap(({ output: files }) => files)
  return 'output' in built ? built.output : []
}

/** The report embeds one file only, so a second one would be lost. */
function readOnly(files: readonly OutputFile[], extension: string): string {
  const found = files.filter(({ fileName }) => fileName.endsWith(extension))
  const [file] = found
  if (file === undefined || found.length > 1) {
    throw new Error(`report: expected one ${extension} file, got ${found.length}`)
  }
  return file.type === 'chunk' ? file.code : Buffer.from(file.source).toString()
}
