import type { Application } from '../application/define-application.ts'

/** A file that cannot read `runtimes/application.ts`, and so holds names of it. */
export type NamedFile = {
  /** Below the project. */
  readonly path: string
  /** What holds a name, and what it is to be; each occurs. */
  readonly names: readonly (readonly [pattern: RegExp, text: string])[]
  /** What has no place there, if it is there. */
  readonly without?: readonly RegExp[]
}

/** All of them: deployment, npm, and the source of the dashboards. */
export function listNamedFiles({
  name,
  title = name,
  database,
}: Pick<Application, 'name' | 'title' | 'database'>): readonly NamedFile[] {
  // Compose brings a database in any case; it may have no use.
  const stored = database?.name ?? name.toLowerCase().replaceAll('-', '_')
  const packageName = title
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-|-$/g, '')
  return [
    {
      path: 'wrangler.toml',
      names: [
        [/^name = ".*"$/m, `name = "${name}"`],
        ...(database === undefined ? [] : [hyperdriveOf(name)]),
      ],
      without: database === undefined ? [/^# Pools .*\n\[\[hyperdrive\]\]\n(?:.+\n)+\n/m] : [],
    },
    {
      path: 'runtimes/lambda/lambda-template.yaml',
      names: [[/^Description: .*$/m, `Description: ${name}`]],
      without:
        database === undefined
          ? [
              /^# The database .*\n# Each environment .*\n/m,
              /^ {2}DatabaseUrl:\n(?: {4}.*\n)+/m,
              /^ +DATABASE_URL: .*\n/m,
            ]
          : [],
    },
    {
      path: 'compose.yaml',
      names: [
        [/postgres:\/\/[\w-]+:/, `postgres://${stored}:`],
        [/@postgres:5432\/[\w-]+/, `@postgres:5432/${stored}`],
        [/POSTGRES_USER: [\w-]+/, `POSTGRES_USER: ${stored}`],
        [/POSTGRES_DB: [\w-]+/, `POSTGRES_DB: ${stored}`],
        [/--username=[\w-]+/, `--username=${stored}`],
        [/--dbname=[\w-]+/, `--dbname=${stored}`],
      ],
    },
    { path: '.env.example', names: [[/Of the user [\w-]+ in/, `Of the user ${stored} in`]] },
    { path: 'Dockerfile', names: [[/-t \S+ \./, `-t ${name} .`]] },
    { path: 'package.json', names: [[/^ {2}"name": ".*"/m, `  "name": "${packageName}"`]] },
    {
      path: 'package-lock.json',
      names: [
        [/^ {2}"name": ".*"/m, `  "name": "${packageName}"`],
        [/^ {6}"name": ".*"/m, `      "name": "${packageName}"`],
      ],
    },
    {
      path: 'observability/stack/grafana/layout/variables.ts',
      names: [[/defaultService = '.*'/, `defaultService = '${name}'`]],
    },
  ]
}

function hyperdriveOf(name: string): readonly [RegExp, string] {
  return [/hyperdrive create \S+/, `hyperdrive create ${name}`]
}

/**
 * The text of a file with the names that it is to have.
 *
 * @throws Error when it has no place for one.
 */
export function writeNames(text: string, { path, names, without = [] }: NamedFile): string {
  const kept = without.reduce((written, pattern) => written.replace(pattern, ''), text)
  return names.reduce((written, [pattern, name]) => {
    if (!pattern.test(written)) throw new Error(`${path}: expected ${pattern}, to write ${name}`)
    return written.replace(pattern, () => name)
  }, kept)
}
