import { describe, expect, test } from 'vitest'
import { parse, readRefusal, validConfig, withTransform } from '../testing/valid-config.ts'

describe('statements of the transform processor', () => {
  const renames = (settings: string) => parse(withTransform(settings)).metricRenames

  test('are read in their order, in groups or bare, whatever the white space', () => {
    expect(
      renames(`error_mode: ignore
metric_statements:
  - set( metric.unit ,"u" )  where metric.name=="a"
  - context: datapoint
    error_mode: propagate
    statements:
      - set(datapoint.attributes["x"], datapoint.attributes["y"]) where datapoint.attributes["y"] != nil
  - statements: ['set(metric.name, "b") where metric.name == "a"']`),
    ).toEqual([
      { type: 'unit', metric: 'a', unit: 'u' },
      { type: 'attribute', from: 'y', to: 'x' },
      { type: 'name', from: 'a', to: 'b' },
    ])
  })

  test('may be absent, and so may the processor', () => {
    expect(renames('error_mode: silent')).toEqual([])
    expect(parse(validConfig.replace('processors: [transform/names]', '')).metricRenames).toEqual(
      [],
    )
  })

  test('of several processors are read in the order of the pipeline, batching left aside', () => {
    const text =
      withTransform(`metric_statements: ['set(metric.unit, "1") where metric.name == "a"']
transform/second:`)
        .replace(
          '    transform/second:\n',
          `  transform/second:
    metric_statements: ['set(metric.unit, "2") where metric.name == "a"']
`,
        )
        .replace('[transform/names]', '[memory_limiter, transform/second, batch, transform/names]')

    expect(parse(text).metricRenames).toMatchObject([{ unit: '2' }, { unit: '1' }])
  })

  test.each([
    [
      'set(metric.name, "b")',
      'c.yaml:10:9: processors.transform/names.metric_statements[0]: not understood by the embedded collector: set(metric.name, "b"); expected set(metric.name, "b") where metric.name == "a" or set(metric.unit, "u") where metric.name == "a" or set(datapoint.attributes["b"], datapoint.attributes["a"]) where datapoint.attributes["a"] != nil',
    ],
  ])('%s is refused with the forms that are understood', (statement, message) => {
    expect(readRefusal(withTransform(`metric_statements:\n  - '${statement}'`))).toBe(message)
  })

  test.each([
    'set(metric.name, "b") where metric.name != "a"',
    'set(metric.name, Concat(["a"], "")) where metric.name == "a"',
    'set(metric.name, "b\\\\n") where metric.name == "a"',
    'set(metric.description, "b") where metric.name == "a"',
    'set(datapoint.attributes["a"], datapoint.attributes["b"]) where datapoint.attributes["c"] != nil',
    'set(metric.name, "b") wheremetric.name == "a"',
    'set(metric.name, "b") where metric.name == "a" and true',
    'delete_key(datapoint.attributes, "a")',
  ])('%s is refused', (statement) => {
    expect(
      readRefusal(withTransform(`metric_statements:\n  - ${JSON.stringify(statement)}`)),
    ).toMatch(
      /^c\.yaml:10:9: processors\.transform\/names\.metric_statements\[0\]: not understood by /,
    )
  })

  test('are refused in the wrong context', () => {
    const message = readRefusal(
      withTransform(`metric_statements:
  - context: datapoint
    statements:
      - set(metric.name, "b") where metric.name == "a"`),
    )

    expect(message).toContain('metric_statements[0].statements[0]: ')
    expect(message).toMatch(/expected set\(datapoint\.attributes\["b"\]/)
  })

  test.each([
    [
      'metric_statements: [{ context: resource }]',
      'c.yaml:9:27: processors.transform/names.metric_statements[0].context: expected metric or datapoint, got "resource"',
    ],
    [
      'metric_statements: [{ conditions: [true] }]',
      'c.yaml:9:27: processors.transform/names.metric_statements[0].conditions: conditions of a group are not understood; write them into each statement',
    ],
    [
      'trace_statements: []',
      'c.yaml:9:5: processors.transform/names.trace_statements: not read in the pipeline of the span metrics; move it to a processor of its own',
    ],
    [
      'error_mode: stop',
      'c.yaml:9:5: processors.transform/names.error_mode: expected ignore, silent or propagate, got "stop"',
    ],
    [
      'metric_statement: []',
      'c.yaml:9:5: processors.transform/names.metric_statement: unknown setting; did you mean metric_statements?',
    ],
  ])('%s is refused', (settings, message) => {
    expect(readRefusal(withTransform(settings))).toBe(message)
  })
})
