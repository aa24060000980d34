import type { Problem } from './compose-file.ts'
import { listVariables, type Service, type Stack } from './services.ts'

/** Networks that nobody has declared, and addresses at which a service would find nobody. */
export function checkNetworks(stack: Stack): readonly Problem[] {
  return stack.services.flatMap((service) => [
    ...listNetworks(service).flatMap((network, at) =>
      stack.networks.includes(network)
        ? []
        : [
            {
              path: ['services', service.name, 'networks', at],
              message: `${network}: expected it among the networks at the top level`,
            },
          ],
    ),
    ...listTexts(service).flatMap(({ path, text }) =>
      listAddresses(text).flatMap((address) => {
        const message = judge(stack, service, address)
        return message === undefined ? [] : [{ path: ['services', service.name, ...path], message }]
      }),
    ),
  ])
}

type Address = { readonly host: string; readonly port: number | undefined }

/** Hosts without a dot are those of other services; all others are none of ours. */
function listAddresses(text: string): readonly Address[] {
  // What stands for a password may hold anything.
  const plain = text.replaceAll(/\$\{[^}]*\}/g, 'x')
  return [...plain.matchAll(/\b[a-z]+:\/\/(?:[^@/\s]*@)?([\w-]+)(?::(\d+))?(?=[/?\s]|$)/g)].flatMap(
    ([, host = '', port]) =>
      host === 'localhost' ? [] : [{ host, port: port === undefined ? undefined : Number(port) }],
  )
}

function judge({ services }: Stack, asking: Service, { host, port }: Address): string | undefined {
  const other = services.find(({ name }) => name === host)
  if (other === undefined) return `${host}: there is no such service`
  const shared = listNetworks(asking).some((name) => listNetworks(other).includes(name))
  if (!shared) return `${host}: expected a network that both are in`
  const ports = listPorts(other)
  if (port === undefined || ports.length === 0 || ports.includes(port)) return undefined
  return `${host}:${port}: expected one of its ports, which are ${ports.join(', ')}`
}

/** Where it is said: nothing is known of the ports of an image of somebody else's that publishes none. */
function listPorts({ ports, stage }: Service): readonly number[] {
  const published = ports.map((port) =>
    typeof port === 'object' ? port.target : String(port).split(':').at(-1)?.split('/')[0],
  )
  const exposed = stage?.instructions.filter(({ keyword }) => keyword === 'EXPOSE') ?? []
  const numbers = [...published, ...exposed.map(({ text }) => text)].map(Number)
  return numbers.every(Number.isInteger) ? [...new Set(numbers)] : []
}

/** Who names none is in the one that Compose makes by itself. */
function listNetworks({ networks, network_mode }: Service): readonly string[] {
  const names = Array.isArray(networks) ? networks : Object.keys(networks)
  return names.length === 0 && network_mode === undefined ? ['default'] : names
}

function listTexts({ environment, command }: Service) {
  const words = typeof command === 'string' ? [command] : command
  return [
    ...listVariables(environment).map(({ at, value }) => ({
      path: ['environment', at],
      text: value,
    })),
    ...words.map((text, at) => ({
      path: typeof command === 'string' ? ['command'] : ['command', at],
      text: text.replace(/^--[\w-]+=(?:[\w-]+=)?/, ''),
    })),
  ]
}
