import { expect, test } from 'vitest'
import { programs } from './programs.ts'
import { renderGoModule } from './render-go-module.ts'

test('replaces of a program are repeated, but for those that lead to a folder', () => {
  const rendered = renderGoModule(programs.loki, {
    Go: '1.26.5',
    Replace: [
      { Old: { Path: 'a.example/a' }, New: { Path: 'b.example/b', Version: 'v1.0.0' } },
      {
        Old: { Path: 'a.example/c', Version: 'v2.0.0' },
        New: { Path: 'b.example/c', Version: 'v2.0.1' },
      },
      { Old: { Path: 'a.example/push' }, New: { Path: './pkg/push' } },
    ],
  })

  expect(rendered.split('\n').filter((line) => line !== '')).toEqual([
    'module loki-for-tests',
    'go 1.26.5',
    'require github.com/grafana/loki/v3 v3.7.6',
    'replace a.example/a => b.example/b v1.0.0',
    'replace a.example/c v2.0.0 => b.example/c v2.0.1',
  ])
})

test('a program may replace nothing', () => {
  const rendered = renderGoModule(programs.prometheus, { Go: '1.25.8', Replace: null })

  expect(rendered).not.toContain('replace')
})

test('a program that files are added to is built from its copy', () => {
  const rendered = renderGoModule(programs.tempo, { Go: '1.18', Replace: null })

  expect(rendered).toContain('\nreplace github.com/grafana/tempo => ./copy\n')
})
