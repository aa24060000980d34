import type { Path, Problem } from './compose-file.ts'
import type { Service, Stack } from './services.ts'

const reasonLengthMin = 20

/** What a container may do beyond what it needs. A reason stands beside each exception, and no reason without one. */
export function checkRights({ services }: Stack): readonly Problem[] {
  return services.flatMap((service) => {
    const path = ['services', service.name]
    const problems: (Problem | false)[] = [
      service.privileged && {
        path: [...path, 'privileged'],
        message: 'expected it to be left out',
      },
      !service.cap_drop.includes('ALL') && { path, message: 'expected cap_drop: [ALL]' },
      !service.security_opt.includes('no-new-privileges:true') && {
        path,
        message: 'expected security_opt: ["no-new-privileges:true"]',
      },
      service.cap_add.length > 0 &&
        !isRoot(service) && {
          path: [...path, 'cap_add'],
          message: 'a capability without root is none; leave it out',
        },
    ]
    return [
      ...problems.filter((one) => one !== false),
      ...checkException(path, 'x-root', service['x-root'], isRoot(service), 'another user'),
      ...checkException(
        path,
        'x-writable',
        service['x-writable'],
        !service.read_only,
        'read_only: true',
      ),
    ]
  })
}

function checkException(
  path: Path,
  key: string,
  reason: string | undefined,
  isNeeded: boolean,
  expected: string,
): readonly Problem[] {
  if (reason === undefined)
    return isNeeded ? [{ path, message: `expected ${expected}, or in ${key} why not` }] : []
  if (!isNeeded) return [{ path: [...path, key], message: 'it is not so; leave this out' }]
  if (reason.length >= reasonLengthMin) return []
  return [{ path: [...path, key], message: 'expected a reason' }]
}

/** An image of somebody else's counts as one for root unless it is told otherwise. */
function isRoot({ user, stage }: Service): boolean {
  const said = user ?? stage?.instructions.findLast(({ keyword }) => keyword === 'USER')?.text
  return said === undefined || /^(0|root)(:|$)/.test(said)
}
