import { expect, test } from 'vitest'
import { standardVariables } from '../testing/standard-variables.ts'
import { parseTelemetrySettings } from './settings.ts'

const listed = (isRead: boolean) =>
  standardVariables.filter((one) => one.isRead === isRead).flatMap(({ names }) => names.split(' '))

test('what is read of the standard variables is what the documentation says', () => {
  const asked = new Set<string>()
  const everything = new Proxy<Record<string, unknown>>(
    {},
    {
      get(_, name) {
        asked.add(String(name))
      },
    },
  )
  parseTelemetrySettings(everything)
  expect([...asked].sort()).toEqual(listed(true).sort())
})

test.each(listed(false))('%s is warned about, for it does nothing', (name) => {
  const { warnings } = parseTelemetrySettings({ [name]: 'x' })
  expect(warnings.map(({ variable }) => variable)).toEqual([name])
})

test('the documentation lists all of them', async () => {
  const rows = standardVariables.map(({ names, does }) => {
    const quoted = names.split(' ').map((name) => `\`${name}\``)
    return `| ${quoted.join(', ')} | ${does} |`
  })
  await expect(`# The standard variables

Every \`OTEL_*\` variable of the specification, and what the service does with it: the same on Node, Workers, Deno, Bun and
Lambda, where the table does not say otherwise. On Workers they are bindings.

None of them stops the service. Words may be written in any case. A value that cannot be used counts as not set, and is
a log line at the start (\`telemetry.setting_ignored\`; on Workers at the first request), which says what is used instead.
So is a variable that does nothing. A value that may be secret is not repeated. Of \`OTEL_RESOURCE_ATTRIBUTES\` and the
headers, one broken pair discards all of that variable.

\`npm start\`, \`npm run compare\` and \`npm test\` set anew where their services listen and send, and how they reach this
machine and the embedded database: \`HOST\`, \`PORT\`, \`WEB_CONCURRENCY\`, the endpoints and protocols below, the \`PG…\`
variables, and this machine's part of \`NO_PROXY\`. \`npm test\` obeys none of these variables.

| variable | what it does |
|---|---|
${rows.join('\n')}
`).toMatchFileSnapshot('../../../docs/environment.md')
})
