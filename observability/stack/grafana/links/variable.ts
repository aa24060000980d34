/** A variable in a text of a dashboard, which Grafana puts the value in place of: `${name}`. */
export function variable(name: string): string {
  return `\${${name}}`
}
