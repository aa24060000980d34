import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { isScalar, parseDocument, visit } from 'yaml'
import application from '../application.ts'
import { parseEnvironment } from '../service/environment.ts'
import { functionArchive } from './function-archive.ts'
import { readFunctionManifest, templatePath } from './function-manifest.ts'
import { lambdaNodeMajor } from './lambda-bundle.ts'

const knownTags = ['!Ref', '!Sub', '!GetAtt', '!If', '!Not', '!Equals', '!Join']

const document = parseDocument(await readFile(templatePath, 'utf8'), { logLevel: 'silent' })
const { Parameters, Conditions, Resources } = v.parse(
  v.object({
    Parameters: v.record(v.string(), v.object({ NoEcho: v.optional(v.boolean()) })),
    Conditions: v.record(v.string(), v.unknown()),
    Resources: v.record(v.string(), v.object({ Condition: v.optional(v.string()) })),
  }),
  document.toJS(),
)
const { Properties } = v.parse(
  v.object({
    Type: v.literal('AWS::Serverless::Function'),
    Properties: v.object({
      CodeUri: v.string(),
      Runtime: v.string(),
      Environment: v.object({ Variables: v.record(v.string(), v.string()) }),
    }),
  }),
  document.toJS().Resources.ApiFunction,
)

/** What is written behind a short form such as `!Ref`, wherever it is. */
function readTagged(tag: string): readonly string[] {
  const found: string[] = []
  visit(document, {
    Scalar(_, node) {
      if (node.tag === tag) found.push(String(node.value))
    },
    Seq(_, node) {
      const [first] = node.items
      if (node.tag === tag && isScalar(first)) found.push(String(first.value))
    },
  })
  return found
}

test('it is YAML with no other tags than those of CloudFormation', () => {
  expect(document.errors).toEqual([])
  for (const { message } of document.warnings)
    expect(knownTags).toContain(/Unresolved tag: (\S+)/.exec(message)?.[1])
})

test('every reference leads somewhere, and every parameter and condition is used', () => {
  const referred = [
    ...readTagged('!Ref'),
    ...readTagged('!Sub').flatMap((text) =>
      [...text.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name ?? ''),
    ),
  ]
  const names = [...Object.keys(Parameters), ...Object.keys(Resources)]
  for (const name of referred) if (!name.startsWith('AWS::')) expect(names).toContain(name)
  for (const name of Object.keys(Parameters)) expect(referred).toContain(name)

  const conditions = [
    ...readTagged('!If'),
    ...Object.values(Resources).flatMap(({ Condition }) => Condition ?? []),
  ]
  for (const name of conditions) expect(Object.keys(Conditions)).toContain(name)
  for (const name of Object.keys(Conditions)) expect(conditions).toContain(name)
})

test('it deploys what the build makes, on the Node that the bundle is made for', async () => {
  expect(resolve(dirname(templatePath), Properties.CodeUri)).toBe(functionArchive)
  expect(relative(dirname(templatePath), functionArchive)).toBe(Properties.CodeUri)
  expect(Properties.Runtime).toBe(`nodejs${lambdaNodeMajor}.x`)
  expect(await readFunctionManifest()).toEqual({
    name: application.name,
    hasDatabase: application.database !== undefined,
    handler: 'index.handler',
    memoryMegabytes: 1024,
    timeoutSeconds: 15,
  })
})

test('the service takes the variables that it sets', () => {
  const given = new Map([
    ['DatabaseUrl', 'postgres://user:password@database.example:5432/todo'],
    ['OtlpEndpoint', 'https://otlp.example:4318'],
    ['OtlpHeaders', 'authorization=Bearer%20secret'],
  ])
  const variables = Object.fromEntries(
    Object.entries(Properties.Environment.Variables).map(([name, value]) => [
      name,
      given.get(value) ?? value.replaceAll(/\$\{\w+\}/g, 'production'),
    ]),
  )
  const { database, telemetry } = parseEnvironment(variables, { port: 0, application })

  expect(database?.url).toBe(given.get('DatabaseUrl'))
  expect(telemetry.traces.url).toBe('https://otlp.example:4318/v1/traces')
  expect(telemetry.traces.headers).toEqual({ authorization: 'Bearer secret' })
  expect(telemetry.resourceAttributes).toEqual({ 'deployment.environment.name': 'production' })
})

test('what is secret is not echoed', () => {
  for (const name of ['DatabaseUrl', 'OtlpHeaders'])
    expect(Parameters[name]?.NoEcho, name).toBe(true)
})
