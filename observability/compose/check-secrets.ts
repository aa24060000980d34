import type { Problem } from './compose-file.ts'
import { listVariables, type Stack } from './services.ts'

const secretName = /passw|secret|token|credential|api_?key|private_?key|_headers$/i
/** A variable that must be set, with what to do when it is not. */
const required = /^\$\{(\w+):\?[^}]+\}$/
const requiredWithin = /\$\{(\w+):\?[^}]+\}/g
const urlWithPassword = /^\w+:\/\/[^:/@]*:(?<password>\$\{[^}]*\}|[^@]*)@/

/**
 * Secrets that stand in the file, or would be replaced by something everybody knows.
 *
 * @param example The file that a person copies to `.env`: it names each secret, and holds none.
 */
export function checkSecrets({ services }: Stack, example: string): readonly Problem[] {
  const lines = example.split('\n')
  return services.flatMap(({ name: service, environment }) =>
    listVariables(environment).flatMap(({ name, value, at }) => {
      const path = ['services', service, 'environment', at]
      const password = urlWithPassword.exec(value)?.groups?.password
      const secret = password ?? (secretName.test(name) ? value : undefined)
      if (secret !== undefined && !required.test(secret))
        return [{ path, message: `a secret; expected \${${name}:?and what to do}` }]
      return [...value.matchAll(requiredWithin)].flatMap(([, variable]) =>
        lines.includes(`${variable}=`)
          ? []
          : [{ path, message: `expected a line ${variable}= without a value in .env.example` }],
      )
    }),
  )
}
