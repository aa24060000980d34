import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { Stage } from '../../observability/stack-tests/containers/parse-dockerfile.ts'
import { projectFolder } from '../processes/project-folder.ts'

/** A stage that was built: a folder stands for the image's root. */
export type Image = { readonly stage: Stage; readonly root: string; readonly workdir: string }

export type BuildOptions = {
  /** Where each stage gets a folder; all may read it. */
  readonly folder: string
  /** Stands in for `npm ci` with these arguments. */
  readonly install: (workdir: string, args: readonly string[]) => Promise<void>
}

/** The list at the end of a stage's last instruction of that kind, such as CMD. */
export function readList({ instructions }: Stage, keyword: string): readonly string[] {
  const { text = '' } = instructions.findLast((one) => one.keyword === keyword) ?? {}
  const list: unknown = JSON.parse(/\[.*\]$/.exec(text)?.[0] ?? '[]')
  return Array.isArray(list) ? list.map(String) : []
}

/** What `ENV` says, all instructions together. */
export function readVariables({ instructions }: Stage): Readonly<Record<string, string>> {
  const pairs = instructions
    .filter(({ keyword }) => keyword === 'ENV')
    .flatMap(({ text }) => text.split(' '))
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2)))
}

/**
 * Does by hand what a builder of images would, as far as our Dockerfile asks for it: the files it copies, and no others,
 * each stage in a folder of its own; the commands it runs, on this machine.
 *
 * @throws When there is an instruction that this does not know, or a command fails.
 */
export async function buildImages(
  stages: readonly Stage[],
  options: BuildOptions,
): Promise<ReadonlyMap<string, Image>> {
  const ignores = await readIgnoreFile()
  const images = new Map<string, Image>()
  for (const stage of stages) {
    const root = join(options.folder, stage.name)
    await mkdir(root, { recursive: true })
    const base = images.get(stage.base)
    if (base !== undefined) await copy(base.root, root)
    let image: Image = {
      stage,
      root,
      workdir: base === undefined ? root : join(root, relative(base.root, base.workdir)),
    }
    for (const { keyword, text } of stage.instructions) {
      if (keyword === 'WORKDIR') {
        image = { ...image, workdir: join(root, text) }
        await mkdir(image.workdir, { recursive: true })
      } else if (keyword === 'COPY') await copyInto(image, text, images, ignores)
      else if (keyword === 'RUN') await run(image, text, options)
      else if (!['USER', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'CMD'].includes(keyword))
        throw new Error(`${keyword}: an instruction that this does not know`)
    }
    images.set(stage.name, image)
  }
  return images
}

async function copyInto(
  { workdir }: Image,
  text: string,
  images: ReadonlyMap<string, Image>,
  ignores: (path: string) => boolean,
): Promise<void> {
  const [, , from, rest = ''] = /^(--from=(\S+) )?(.+)$/.exec(text) ?? []
  const [target = '', ...sources] = rest.split(' ').reverse()
  for (const source of sources) {
    const image = from === undefined ? undefined : images.get(from)
    const path = join(image?.root ?? projectFolder, source)
    if (image === undefined && ignores(source))
      throw new Error(`COPY ${source}: .dockerignore leaves it out`)
    // A folder's content goes into the target, and a file beside others when the target ends with a slash.
    const isBeside = target.endsWith('/') && !(await stat(path)).isDirectory()
    const place = join(workdir, target, isBeside ? basename(source) : '')
    await copy(path, place, (one) => image !== undefined || !ignores(relative(projectFolder, one)))
  }
}

async function copy(source: string, target: string, filter?: (path: string) => boolean) {
  await cp(source, target, { recursive: true, verbatimSymlinks: true, ...(filter && { filter }) })
}

async function run({ workdir }: Image, text: string, { install }: BuildOptions): Promise<void> {
  const command = text.replace(/--mount=\S+ /g, '')
  if (command.startsWith('npm ci ')) return install(workdir, command.split(' ').slice(2))
  const path = `${join(projectFolder, 'node_modules', '.bin')}:${process.env.PATH}`
  await promisify(execFile)('sh', ['-c', command], {
    cwd: workdir,
    env: { ...process.env, PATH: path },
  })
}

/** Of `.dockerignore` what ours has: everything is left out but what `!` names, less what `**` names. */
async function readIgnoreFile(): Promise<(path: string) => boolean> {
  const lines = (await readFile(join(projectFolder, '.dockerignore'), 'utf8')).trim().split('\n')
  const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  const dropped = lines
    .filter((line) => line.startsWith('**/'))
    .map((line) => line.slice('**/'.length))
  if (lines[0] !== '*' || lines.length !== kept.length + dropped.length + 1)
    throw new Error('.dockerignore: expected * first, then lines that begin with ! or **/')
  return (path) => {
    const isKept = kept.some((one) => path === one || path.startsWith(`${one}/`))
    const names = path.split('/')
    const isDropped = dropped.some((pattern) =>
      names.some((name) =>
        pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern,
      ),
    )
    return !isKept || isDropped
  }
}
