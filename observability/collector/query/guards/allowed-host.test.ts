import { expect, test } from 'vitest'
import { isAllowedHost } from './allowed-host.ts'

test.each([
  'localhost',
  'localhost:4318',
  'LocalHost:1',
  'collector.localhost:4318',
  '127.0.0.1:4318',
  '127.1.2.3',
  '[::1]:4318',
  '[::1]',
])('%s is this machine', (host) => {
  expect(isAllowedHost(host, [])).toBe(true)
})

test.each([
  'evil.example',
  'evil.example:4318',
  'localhost.evil.example',
  'evillocalhost',
  'localhost@evil.example',
  '127.0.0.1.evil.example',
  'localhost:4318:80',
  'localhost:',
  '::1',
  '',
])('%j is not', (host) => {
  expect(isAllowedHost(host, [])).toBe(false)
})

test('a request without a host is not answered', () => {
  expect(isAllowedHost(undefined, ['collector'])).toBe(false)
})

test('a configured name is answered on every port, whatever its letter case', () => {
  expect(isAllowedHost('collector:4318', ['Collector'])).toBe(true)
  expect(isAllowedHost('[fd00::1]:4318', ['fd00::1'])).toBe(true)
  expect(isAllowedHost('collector:4318', ['collector:8443'])).toBe(true)
  expect(isAllowedHost('other:4318', ['Collector'])).toBe(false)
})
