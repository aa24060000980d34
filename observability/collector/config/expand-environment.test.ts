// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the Collector's references look like templates
import { describe, expect, test } from 'vitest'
import { parse, readRefusal, validConfig, withHttp } from '../testing/valid-config.ts'

describe('variables', () => {
  test.each([
    ['${env:HOST}:1', { HOST: 'a' }, 'a'],
    ['${HOST}:1', { HOST: 'a' }, 'a'],
    ['${env:HOST:-b}:1', {}, 'b'],
    ['${env:HOST:-b}:1', { HOST: 'a' }, 'a'],
    ['${env:HOST:-b}:1', { HOST: '' }, ''],
    ['${env:HOST:-}:1', {}, ''],
    ['${env:HOST}:1', {}, ''],
    ['$$${env:HOST:-b}:1', {}, '$b'],
  ])('%s with %j is host %j', (endpoint, environment, host) => {
    expect(parse(withHttp(`endpoint: "${endpoint}"`), environment).endpoint.host).toBe(host)
  })

  test('a number from a variable is a number', () => {
    const text = withHttp('max_request_body_size: ${env:BYTES:-1000}')

    expect(parse(text).bodyBytesMax).toBe(1000)
    expect(parse(text, { BYTES: '2000' }).bodyBytesMax).toBe(2000)
  })

  test('what a variable holds is not looked into for more variables', () => {
    const { endpoint } = parse(withHttp('endpoint: "${env:A}:1"'), { A: '$B' })

    expect(endpoint.host).toBe('$B')
  })

  test('another source of values is refused where it is needed, and only there', () => {
    expect(readRefusal(withHttp('endpoint: "${file:/etc/host}:1"'))).toBe(
      'c.yaml:5:9: receivers.otlp.protocols.http.endpoint: ${file:/etc/host} is not understood; expected ${env:NAME} or ${env:NAME:-default}',
    )
    expect(() => parse(validConfig.replace('debug:', 'debug: ${file:x}'))).not.toThrow()
  })
})
