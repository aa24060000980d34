import type { Application } from '../application/define-application.ts'

/** A file that cannot read `runtimes/application.ts`, and so holds names of it. */
export type NamedFile = {
  /** Below the project. */
  readonly path: string
  /** What holds a name, and what it is to be; each occurs. */
  readonly names: readonly (readonly [pattern: RegExp, text: string])[]
  /** What an application with a database has there, and no other. */
  readonly databaseParts?: readonly DatabasePart[]
  readonly hasDatabase: boolean
}

type DatabasePart = {
  readonly pattern: RegExp
  /** As it is written where it is not there. */
  readonly text: string
  /** What it stands before. */
  readonly before: string
}

/** Words that YAML takes for something else than text. */
const wordsOfYaml = /^(?:null|true|false|yes|no|on|off|y|n)$/
const refusedByPostgres = /^(?:pg_.*|public|none|template[01])$/

/**
 * The names that `npm run rename` writes have to suit YAML, npm, Docker, Cloudflare, AWS and PostgreSQL.
 *
 * @throws Error that says what is allowed.
 */
export function assertNames({
  name,
  title,
  database,
}: Pick<Application, 'name' | 'title' | 'database'>): void {
  if (title?.trim() === '')
    throw new Error('title: expected a text that people see, or none, which is the name; got ""')
  if (!/^[a-z](?:[a-z\d-]{0,61}[a-z\d])?$/.test(name) || wordsOfYaml.test(name))
    throw new Error(
      `name: expected at most 63 lower-case letters, digits and hyphens, first a letter, last no hyphen, and no word of YAML such as null or on; got ${JSON.stringify(name)}`,
    )
  const stored = database?.name ?? 'app'
  if (
    !/^[a-z_][a-z\d_]{0,62}$/.test(stored) ||
    wordsOfYaml.test(stored) ||
    refusedByPostgres.test(stored)
  )
    throw new Error(
      `database.name: expected at most 63 lower-case letters, digits and underscores, first no digit, and no word of YAML such as null or on, nor of PostgreSQL such as public or pg_…; got ${JSON.stringify(stored)}`,
    )
}

/** All of them: deployment, npm, and the source of the dashboards. */
export function listNamedFiles({
  name,
  title = name,
  database,
}: Pick<Application, 'name' | 'title' | 'database'>): readonly NamedFile[] {
  // Compose brings a database in any case; it may have no use.
  const stored = database?.name ?? 'app'
  const hasDatabase = database !== undefined
  const packageName = toPackageName(title) || name
  const files: readonly Omit<NamedFile, 'hasDatabase'>[] = [
    {
      path: 'wrangler.toml',
      names: [[/^name = ".*"$/m, `name = "${name}"`], ...(hasDatabase ? [hyperdriveOf(name)] : [])],
      databaseParts: [hyperdrive],
    },
    {
      path: 'runtimes/lambda/lambda-template.yaml',
      names: [[/^Description: .*$/m, `Description: ${name}`]],
      databaseParts: databaseOfTemplate,
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
  return files.map((file) => ({ ...file, hasDatabase }))
}

/** Empty when a title has no Latin letter, as 時計 has none. */
function toPackageName(title: string): string {
  const words = title.toLowerCase().match(/[a-z\d]+/g) ?? []
  return words.join('-').slice(0, 100)
}

const hyperdrive: DatabasePart = {
  pattern: /^# Pools .*\n\[\[hyperdrive\]\]\n(?:.+\n)+\n/m,
  text: `# Pools connections near the database: \`npx wrangler hyperdrive create name --connection-string=postgres://…\` prints an id.
[[hyperdrive]]
binding = "HYPERDRIVE"
id = "${'0'.repeat(32)}"

`,
  before: '# The same names as on every runtime.',
}

const databaseOfTemplate: readonly DatabasePart[] = [
  {
    pattern: /^# The database .*\n# Each environment .*\n/m,
    text: `# The database must be there and up to date: DATABASE_URL=… npm run db:migrate
# Each environment that runs at one time holds one connection to it; past its limit, put a pooler in front of it.
`,
    before: 'AWSTemplateFormatVersion:',
  },
  {
    pattern: /^ {2}DatabaseUrl:\n(?: {4}.*\n)+/m,
    text: `  DatabaseUrl:
    Description: Such as postgres://user:password@host:5432/name?sslmode=verify-full
    Type: String
    NoEcho: true
    AllowedPattern: ^postgres(ql)?://.+$
`,
    before: '  OtlpEndpoint:\n',
  },
  {
    pattern: /^ +DATABASE_URL: .*\n/m,
    text: '          DATABASE_URL: !Ref DatabaseUrl\n',
    before: '          OTEL_EXPORTER_OTLP_ENDPOINT:',
  },
]

function hyperdriveOf(name: string): readonly [RegExp, string] {
  return [/hyperdrive create \S+/, `hyperdrive create ${name}`]
}

/**
 * The text of a file with the names that it is to have.
 *
 * @throws Error when it has no place for one.
 */
export function writeNames(text: string, { path, names, ...file }: NamedFile): string {
  const { hasDatabase, databaseParts = [] } = file
  const kept = databaseParts.reduce((written, { pattern, ...part }) => {
    if (!hasDatabase) return written.replace(pattern, '')
    if (pattern.test(written)) return written
    if (!written.includes(part.before))
      throw new Error(`${path}: expected ${part.before.trim()}, to write what a database needs`)
    return written.replace(part.before, (before) => `${part.text}${before}`)
  }, text)
  return names.reduce((written, [pattern, name]) => {
    if (!pattern.test(written)) throw new Error(`${path}: expected ${pattern}, to write ${name}`)
    return written.replace(pattern, () => name)
  }, kept)
}
