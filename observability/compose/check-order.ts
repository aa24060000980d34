import type { Problem } from './compose-file.ts'
import { listDependencies, type Service, type Stack } from './services.ts'

/** A reason that somebody can judge, not a word. */
const reasonLengthMin = 20

/** Health that nobody can ask for, and services that start before what they need is ready. */
export function checkOrder(stack: Stack): readonly Problem[] {
  return stack.services.flatMap((service) => [
    ...checkHealth(service),
    ...listDependencies(service.depends_on).flatMap(({ name, condition }) => {
      const message = judge(stack, name, condition)
      if (message === undefined) return []
      const at = condition === null ? [] : [name]
      return [{ path: ['services', service.name, 'depends_on', ...at], message }]
    }),
  ])
}

function checkHealth(service: Service): readonly Problem[] {
  const { name, hasHealthCheck, isOneShot } = service
  const path = ['services', name]
  const reason = service['x-no-health-check']
  if (reason !== undefined) {
    const at = [...path, 'x-no-health-check']
    if (hasHealthCheck) return [{ path: at, message: 'it has a health check; leave this out' }]
    if (reason.length < reasonLengthMin) return [{ path: at, message: 'expected a reason' }]
    return []
  }
  if (hasHealthCheck || isOneShot) return []
  return [{ path, message: 'expected a health check, or in x-no-health-check why it has none' }]
}

function judge(stack: Stack, name: string, condition: string | null): string | undefined {
  const other = stack.services.find((one) => one.name === name)
  if (condition === null) return 'a list waits for nothing; expected a condition for each'
  if (other === undefined) return `${name}: there is no such service`
  if (other.isOneShot)
    return condition === 'service_completed_successfully'
      ? undefined
      : 'it does one thing and ends; expected condition: service_completed_successfully'
  if (other.hasHealthCheck)
    return condition === 'service_healthy'
      ? undefined
      : 'it says when it is ready; expected condition: service_healthy'
  return condition === 'service_started'
    ? undefined
    : 'it has no health check; expected condition: service_started'
}
