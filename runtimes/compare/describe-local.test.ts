import { expect, test } from 'vitest'
import { runtimes } from '../runtimes.ts'
import { describeLocal } from './describe-local.ts'

test.each(runtimes)('a difference of an own app on $name is not to be declared here', (runtime) => {
  expect(describeLocal(runtime, true).declaredIn).not.toContain('runtime.ts')
  expect(describeLocal(runtime).declaredIn).toBe(`runtimes/${runtime.name}/runtime.ts`)
})
