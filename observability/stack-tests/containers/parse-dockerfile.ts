/** An instruction of a Dockerfile, such as `COPY` and what it is told; lines that go on are one. */
export type Instruction = { readonly keyword: string; readonly text: string }

export type Stage = {
  readonly name: string
  /** An image, or the name of a stage before it. */
  readonly base: string
  readonly instructions: readonly Instruction[]
}

/**
 * Reads the stages of a Dockerfile, as far as ours go: each is `FROM base AS name`, no variables, no here-documents.
 *
 * @throws Error with the line of a stage that has no name.
 */
export function parseDockerfile(text: string): readonly Stage[] {
  const stages: (Stage & { instructions: Instruction[] })[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1
    let instruction = lines[at] ?? ''
    while (instruction.endsWith('\\') && at < lines.length) {
      at += 1
      instruction = `${instruction.slice(0, -1).trimEnd()} ${(lines[at] ?? '').trim()}`
    }
    const [, keyword = '', rest = ''] = /^([A-Z]+) (.+)$/.exec(instruction) ?? []
    if (keyword === 'FROM') {
      const [, base, name] = /^(\S+) AS (\S+)$/.exec(rest) ?? []
      if (base === undefined || name === undefined)
        throw new Error(`line ${line}: FROM: expected an image AS a name, got ${rest}`)
      stages.push({ name, base, instructions: [] })
    } else if (keyword !== '') stages.at(-1)?.instructions.push({ keyword, text: rest })
  }
  return stages
}
