import { parseArgs } from 'node:util'
import { describeError } from '../../../observability/plumbing/describe-error.ts'
import { EnvironmentError, parseDatabaseUrl } from '../environment.ts'
import { migrateDatabase } from './migrate.ts'

const help = `Brings the database that DATABASE_URL names up to date.

  DATABASE_URL=postgres://user:password@host:5432/name npm run db:migrate

May be run as often, and by as many at once, as one likes: every migration is applied once.
`

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    process.stdout.write(help)
  } else {
    const applied = await migrateDatabase(parseDatabaseUrl(process.env))
    process.stdout.write(
      applied.length === 0
        ? 'nothing to do: the database is up to date\n'
        : `applied ${applied.join(', ')}\n`,
    )
  }
} catch (error) {
  const isOurs = error instanceof EnvironmentError || error instanceof TypeError
  process.stderr.write(`${isOurs ? '' : 'cannot migrate: '}${describeError(error)}\n`)
  process.exitCode = 2
}
