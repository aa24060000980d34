import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createAlike, createReport } from '../comparison/testing/report-fixture.ts'
import { renderReport } from './render-report.ts'

const bundle = { script: 'console.log("a & b")', style: 'a{b:c}' }
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64')

test('only the script and the style that it brings may run', () => {
  const html = renderReport(createReport([createAlike('list', 'node')]), bundle)
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]

  expect(policy).toBe(
    `default-src 'none'; script-src 'sha256-${sha256(bundle.script)}'; style-src 'sha256-${sha256(bundle.style)}'; base-uri 'none'; form-action 'none'`,
  )
  expect(html).toContain(`<script type="module">${bundle.script}</script>`)
  expect(html).not.toMatch(/(?:src|href)=/)
})

test('no value can end the element that holds the data', () => {
  const name = '</script><!--<script>'
  const html = renderReport(createReport([createAlike(name, name)]), bundle)

  expect(html.match(/<\/script>/g)).toHaveLength(2)
  expect(html).not.toContain('<!--')
  const data = /id="report">(.*?)<\/script>/.exec(html)?.[1] ?? ''
  expect(JSON.parse(data)).toMatchObject({ operations: [{ name }] })
})

test('the traces themselves stay in compare.json', () => {
  const html = renderReport(createReport([createAlike('list', 'node')]), bundle)

  expect(html).not.toContain('resourceSpans')
})
