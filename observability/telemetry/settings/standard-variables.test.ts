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

This page lists every \`OTEL_*\` variable of the specification and what the service does with it. Node, Workers, Deno, Bun
and Lambda do the same unless the table says otherwise. On Workers the variables are bindings.

No value stops the service. Upper and lower case are the same in words. An unusable value counts as not set. A log line at
the start (\`telemetry.setting_ignored\`; on Workers at the first request) says what is used instead, and does not repeat a
value that may be secret. A variable that has no effect is logged in the same way. One broken pair in
\`OTEL_RESOURCE_ATTRIBUTES\` or in the headers discards that whole variable.

\`npm start\`, \`npm run compare\` and \`npm test\` overwrite the variables by which their services listen, send, and reach this
machine and the embedded database: \`HOST\`, \`PORT\`, \`WEB_CONCURRENCY\`, the endpoints and protocols below, the \`PG…\`
variables, and this machine's part of \`NO_PROXY\`. \`npm test\` ignores all variables of this page.

| variable | what it does |
|---|---|
${rows.join('\n')}
`).toMatchFileSnapshot('../../../docs/environment.md')
})
