import type { Program } from './programs.ts'

/** A `replace` of a go.mod, as `go mod edit -json` tells it. */
export type GoReplace = {
  readonly Old: { readonly Path: string; readonly Version?: string }
  readonly New: { readonly Path: string; readonly Version?: string }
}

/** What is needed of the go.mod of a program. */
export type GoModule = {
  /** Such as `1.26.5`. */
  readonly Go: string
  readonly Replace: readonly GoReplace[] | null
}

/** Beside the go.mod, the copy of a program that files are added to. */
export const copyFolder = 'copy'

/**
 * The go.mod of a module that only requires a program.
 *
 * `go install module@version` refuses a module with `replace`, because they count in the main module
 * alone. So ours is the main module, and repeats them. One that leads to a folder beside the program is
 * left out: no such folder comes with a module, and the version that is required instead was published.
 */
export function renderGoModule(program: Program, { Go, Replace }: GoModule): string {
  const ownCopy = Object.keys(program.addedFiles).length > 0
  const replaces = (Replace ?? []).filter(({ New }) => New.Version !== undefined)
  return [
    `module ${program.name}-for-tests`,
    `go ${Go}`,
    `require ${program.module} ${program.version}`,
    ...program.newerModules.map((it) => `require ${it}`),
    ...(ownCopy ? [`replace ${program.module} => ./${copyFolder}`] : []),
    ...replaces.map((it) => `replace ${renderPart(it.Old)} => ${renderPart(it.New)}`),
    '',
  ].join('\n\n')
}

function renderPart({ Path, Version }: GoReplace['Old']): string {
  return Version === undefined ? Path : `${Path} ${Version}`
}
