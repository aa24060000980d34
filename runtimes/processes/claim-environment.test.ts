import { expect, test } from 'vitest'
import { claimEnvironment, describeVariables } from './claim-environment.ts'

const shell = {
  HOST: 'x86_64-conda-linux-gnu',
  PORT: '3000',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://elsewhere',
  OTEL_SERVICE_NAME: 'mine',
  HTTPS_PROXY: 'http://proxy',
  NO_PROXY: 'intranet',
  PGSSLMODE: 'require',
  WEB_CONCURRENCY: 'auto',
  PATH: '/bin',
}

test('what would lead elsewhere what is started is taken away; the rest stays', () => {
  const env = { ...shell }
  const claimed = claimEnvironment(env, 'embedded')
  const loopback = 'intranet,localhost,127.0.0.1,::1'
  expect(env).toEqual({
    OTEL_SERVICE_NAME: 'mine',
    HTTPS_PROXY: 'http://proxy',
    NO_PROXY: loopback,
    no_proxy: loopback,
    PATH: '/bin',
  })
  expect(describeVariables(claimed, env)).toEqual([
    'from your shell, every runtime gets OTEL_SERVICE_NAME',
    'from your shell, these are overridden for the parts started here: HOST, PORT, OTEL_EXPORTER_OTLP_PROTOCOL, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, PGSSLMODE, WEB_CONCURRENCY',
  ])
})

test("a database of one's own is reached as the shell says", () => {
  const env = { ...shell }
  claimEnvironment(env, 'other')
  expect(env).toMatchObject({ PGSSLMODE: 'require' })
})

test('of a shell that holds nothing of this, nothing is said', () => {
  const env = { PATH: '/bin' }
  expect(describeVariables(claimEnvironment(env, 'embedded'), env)).toEqual([])
})
