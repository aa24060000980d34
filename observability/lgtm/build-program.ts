import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import * as v from 'valibot'
import { GoError, runGo } from '../collector-parity/run-go.ts'
import { builtProgramPath, findProgram, type Program, ProgramMissingError } from './programs.ts'
import { copyFolder, type GoModule, renderGoModule } from './render-go-module.ts'

/** Loki on two cores that others use as well takes a quarter of this. */
const buildMillisMax = 60 * 60_000

/**
 * The program to test with: the one that its variable names, else the one built from its module, which is
 * built first when it is not there.
 *
 * @throws ProgramMissingError when it cannot be had.
 */
export async function ensureProgram(
  program: Program,
  report: (text: string) => void,
): Promise<string> {
  try {
    return findProgram(program)
  } catch (error) {
    if (!(error instanceof ProgramMissingError) || process.env[program.variable]) throw error
  }
  try {
    return await buildProgram(program, report)
  } catch (error) {
    if (!(error instanceof GoError)) throw error
    throw new ProgramMissingError(
      `${program.title} could not be built; ${program.variable}=path takes another: ${error.message}`,
      { cause: error },
    )
  }
}

/** Builds beside the place and then moves, so that an interrupted build leaves nothing that looks whole. */
async function buildProgram(program: Program, report: (text: string) => void): Promise<string> {
  const path = builtProgramPath(program)
  const since = performance.now()
  const folder = `${dirname(path)}.building-${process.pid}`
  mkdirSync(folder, { recursive: true })
  const options = { cwd: folder, millisMax: buildMillisMax, report }
  try {
    report(`building ${program.title} with Go; minutes, once`)
    const { GoMod, Dir } = await downloadModule(program, options)
    const module = await readGoModule(GoMod, options)
    writeFileSync(join(folder, 'go.mod'), renderGoModule(program, module))
    copyWithFiles(program, Dir, join(folder, copyFolder))
    await runGo(
      [
        'build',
        '-p=2',
        '-trimpath',
        '-ldflags=-s -w',
        `-tags=${program.buildTags}`,
        `-o=${join(folder, 'program')}`,
        `${program.module}/${program.package}`,
      ],
      { ...options, environment: { CGO_ENABLED: '0' } },
    )
    mkdirSync(dirname(path), { recursive: true })
    renameSync(join(folder, 'program'), path)
    report(`built in ${Math.round((performance.now() - since) / 1000)} s`)
    return path
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type GoSettings = Parameters<typeof runGo>[1]

const downloaded = v.object({ GoMod: v.string(), Dir: v.string() })

async function downloadModule({ module, version }: Program, options: GoSettings) {
  const answer = await runGo(['mod', 'download', '-json', `${module}@${version}`], options)
  return v.parse(downloaded, JSON.parse(answer))
}

const place = v.object({ Path: v.string(), Version: v.exactOptional(v.string()) })
const goModule = v.object({
  Go: v.string(),
  Replace: v.nullable(v.array(v.object({ Old: place, New: place }))),
})

/** @param path Of a go.mod, which is left alone: to ask about it Go wants to lock it. */
async function readGoModule(path: string, options: GoSettings): Promise<GoModule> {
  const copy = join(options.cwd, 'program.mod')
  writeFileSync(copy, readFileSync(path))
  return v.parse(goModule, JSON.parse(await runGo(['mod', 'edit', '-json', copy], options)))
}

/** Modules are stored read-only, folders included; a copy that cannot be written to cannot be removed. */
function copyWithFiles({ addedFiles }: Program, source: string, target: string): void {
  const added = Object.entries(addedFiles)
  if (added.length === 0) return
  mkdirSync(target)
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const path = join(target, relative(source, join(entry.parentPath, entry.name)))
    mkdirSync(entry.isDirectory() ? path : dirname(path), { recursive: true })
    if (entry.isFile()) writeFileSync(path, readFileSync(join(entry.parentPath, entry.name)))
  }
  for (const [path, text] of added) writeFileSync(join(target, path), text)
}
