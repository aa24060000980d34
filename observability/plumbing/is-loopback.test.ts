import { expect, test } from 'vitest'
import { isLoopback } from './is-loopback.ts'

test.each(['localhost', 'LocalHost', '127.0.0.1', '127.9.8.7', '127.1', '::1', '[::1]'])(
  '%s leads to this machine alone',
  (host) => expect(isLoopback(host)).toBe(true),
)

test.each(['127.example', '127.0.0.1.example', '0.0.0.0', '::', '10.0.0.1', 'example.localhost'])(
  '%s may lead elsewhere',
  (host) => expect(isLoopback(host)).toBe(false),
)
