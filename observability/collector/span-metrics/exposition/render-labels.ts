import type { Attribute } from '../../../otlp/model.ts'
import { attributeText } from '../dimensions/attribute-text.ts'
import { toLabelName } from './prometheus-names.ts'

/**
 * The attributes of a point as labels: `a="1",b="2"`, in their order, without braces.
 *
 * Two attributes whose names become one label are joined with `;`, in the order of their names, as
 * Prometheus does. An empty value is left out, since to Prometheus it is the same as no label.
 *
 * @param reserved a label that the format itself uses here, such as a bucket's `le`.
 */
export function renderLabels(attributes: readonly Attribute[], reserved?: string): string {
  const values = new Map<string, Attribute[]>()
  for (const attribute of attributes) {
    const name = toLabelName(attribute.key)
    if (name === undefined) continue
    const same = values.get(name)
    if (same === undefined) values.set(name, [attribute])
    else same.push(attribute)
  }
  const labels: string[] = []
  for (const [name, same] of values) {
    const value = same
      .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map((attribute) => attributeText(attribute.value))
      .join(';')
    if (value === '') continue
    labels.push(`${name === reserved ? `exported_${name}` : name}="${escapeLabelValue(value)}"`)
  }
  return labels.join(',')
}

/**
 * Any text as it may stand between the quotes of a label.
 *
 * NUL and halves of surrogate pairs become U+FFFD: the first ends the input for some parsers, the
 * second has no UTF-8.
 */
export function escapeLabelValue(value: string): string {
  return value
    .toWellFormed()
    .replaceAll('\0', '\uFFFD')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
}
