import { expect, test } from 'vitest'
import { negotiateFormat } from './negotiate-format.ts'

test('OpenMetrics is answered as version 1.0.0 in UTF-8', () => {
  expect(negotiateFormat('application/openmetrics-text')).toEqual({
    format: 'openmetrics',
    contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  })
})

test('without a header the answer is the Prometheus text format', () => {
  expect(negotiateFormat(null)).toEqual({
    format: 'prometheus',
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
  })
})

test.each([
  ['', 'prometheus'],
  ['*/*', 'prometheus'],
  ['text/html, */*;q=0.1', 'prometheus'],
  ['application/json', 'prometheus'],
  ['application/*', 'prometheus'],
  // Prometheus 3
  [
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
    'openmetrics',
  ],
  // Prometheus told to prefer its own text
  [
    'text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,*/*;q=0.1',
    'prometheus',
  ],
  ['application/openmetrics-text;q=0.9, text/plain', 'prometheus'],
  ['text/plain;q=0.9, application/openmetrics-text', 'openmetrics'],
  ['application/openmetrics-text, text/plain', 'openmetrics'],
  ['text/plain, application/openmetrics-text', 'prometheus'],
  ['application/openmetrics-text; version=2.0.0', 'prometheus'],
  ['application/openmetrics-text; version="1.0.0"', 'openmetrics'],
  ['APPLICATION/OpenMetrics-Text ; Version=1.0.0 ; Q=1.0', 'openmetrics'],
  ['application/openmetrics-text;q=0', 'prometheus'],
  ['application/openmetrics-text;q=2', 'prometheus'],
  ['application/openmetrics-text;q=x', 'prometheus'],
  ['application/openmetrics-text;q=0.5, */*;q=0.9', 'prometheus'],
  ['application/openmetrics-text, text/plain;q=0', 'openmetrics'],
  [';;;=,=;,', 'prometheus'],
])('for %j it is %s', (accept, format) => {
  expect(negotiateFormat(accept).format).toBe(format)
})

test('a header of any length is answered', () => {
  expect(negotiateFormat('a/b;q=0.1,'.repeat(100_000)).format).toBe('prometheus')
})
