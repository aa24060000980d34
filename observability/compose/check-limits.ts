import type { Problem } from './compose-file.ts'
import { listVariables, type Service, type Stack } from './services.ts'

const unitBytes = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 } as const

/** Memory, logs and time without a bound, and services whose end nobody has thought about. */
export function checkLimits({ services }: Stack): readonly Problem[] {
  return services.flatMap((service) => {
    const path = ['services', service.name]
    const { mem_limit, logging, restart, stop_grace_period, isOneShot } = service
    const options = logging?.options ?? {}
    const problems: (Problem | false)[] = [
      parseBytes(mem_limit) === undefined && {
        path: mem_limit === undefined ? path : [...path, 'mem_limit'],
        message: 'expected mem_limit, such as 512m: one must not starve all',
      },
      !('max-size' in options && 'max-file' in options) && {
        path: logging === undefined ? path : [...path, 'logging'],
        message: 'expected logging with options max-size and max-file, or the disk fills up',
      },
      isOneShot
        ? restart !== 'no' &&
          !restart?.startsWith('on-failure') && {
            path: restart === undefined ? path : [...path, 'restart'],
            message: 'it does one thing and ends; expected restart: "no" or on-failure',
          }
        : restart === undefined && { path, message: 'expected restart, such as unless-stopped' },
      !isOneShot &&
        stop_grace_period === undefined && {
          path,
          message: 'expected stop_grace_period: how long what is under way may take to end',
        },
    ]
    return [...problems.filter((one) => one !== false), ...checkGoMemory(service)]
  })
}

/** Go collects its garbage in time when it knows of the limit; the rest is for what is not on its heap. */
function checkGoMemory({ name, mem_limit, environment }: Service): readonly Problem[] {
  const set = listVariables(environment).find((one) => one.name === 'GOMEMLIMIT')
  if (set === undefined) return []
  const path = ['services', name, 'environment', set.at]
  const [, mebibytes] = /^(\d+)MiB$/.exec(set.value) ?? []
  const limit = parseBytes(mem_limit)
  if (mebibytes === undefined || limit === undefined)
    return [{ path, message: 'expected a number with MiB, and a mem_limit beside it' }]
  const share = (Number(mebibytes) * unitBytes.m) / limit
  if (share > 0.75 && share <= 0.8) return []
  const wanted = Math.floor((limit * 0.8) / unitBytes.m)
  return [{ path, message: `expected 80 % of mem_limit, which is ${wanted}MiB` }]
}

function parseBytes(value: string | number | undefined): number | undefined {
  const [, number, unit = 'b'] = /^(\d+(?:\.\d+)?)([bkmg])?b?$/i.exec(String(value)) ?? []
  const factor = Object.entries(unitBytes).find(([name]) => name === unit.toLowerCase())?.[1]
  return number === undefined || factor === undefined ? undefined : Number(number) * factor
}
