import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseRegistry } from '../../comparison/conventions/registry/registry.ts'
import { conventionsDefault, readRegistry, registriesFolder } from './read-registry.ts'
import { readModel, registryBytesMax, renderRegistry } from './write-registry.ts'

const files = {
  'manifest.yaml': 'schema_url: https://opentelemetry.io/schemas/1.50.0\n',
  'shop/registry.yaml': `
groups:
  - id: registry.shop
    type: attribute_group
    attributes:
      - id: shop.size
        type: int
        stability: stable
      - id: shop.kind
        type:
          members:
            - id: small
              value: small
            - id: tiny
              value: tiny
              deprecated: { reason: renamed, renamed_to: small }
      - id: shop.width
        type: int
        deprecated: { reason: uncategorized, note: 'Replaced by \`shop.size\`.' }
  - id: attributes.shop.common
    type: attribute_group
    attributes:
      - { ref: shop.size, requirement_level: required }
      - { ref: shop.kind, requirement_level: required }
  - id: span.shop.client
    type: span
    extends: attributes.shop.common
    stability: stable
    attributes:
      - ref: shop.size
      - { ref: shop.kind, requirement_level: opt_in }
`,
  'stall/spans.yaml': `
file_format: definition/2
attributes:
  - { key: stall.name, type: string }
attribute_groups:
  - id: stall.common
    attributes:
      - { ref: stall.name, requirement_level: required }
spans:
  - type: stall.server
    kind: server
    attributes:
      - ref_group: stall.common
`,
}

test('a registry is made of a model, in both forms of its YAML', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'conventions-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, path, '..'), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    const data = await readModel(folder)
    expect(JSON.parse(renderRegistry(data))).toEqual(data)
    const registry = parseRegistry(data)
    expect(registry.version).toBe('1.50.0')
    expect(registry.attributes.get('shop.width')).toMatchObject({
      deprecated: { to: ['shop.size'] },
    })
    expect(registry.attributes.get('shop.kind')).toMatchObject({
      values: ['small'],
      oldValues: { tiny: 'small' },
    })
    expect(registry.spans.get('shop.client')).toEqual({
      stable: true,
      required: ['shop.size'],
      recommended: [],
    })
    expect(registry.spans.get('stall.server')?.required).toEqual(['stall.name'])

    await writeFile(join(folder, 'shop/registry.yaml'), 'groups: {}\n')
    await expect(readModel(folder)).rejects.toThrow(/^shop\/registry\.yaml: groups: /)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('the registry that is kept is small, and another version is refused with what there is', async () => {
  const text = await readFile(join(registriesFolder, `${conventionsDefault}.json`), 'utf8')
  expect(text.length).toBeLessThan(registryBytesMax)
  expect((await readRegistry(conventionsDefault)).version).toBe('1.44.0')
  await expect(readRegistry('1.3')).rejects.toThrow(
    'expected a version of the conventions that is here (1.44), got "1.3"; npm run conventions',
  )
})
