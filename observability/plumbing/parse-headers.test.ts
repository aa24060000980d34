import { expect, test } from 'vitest'
import { parseEncodedHeaders } from './parse-headers.ts'

test('headers of a variable are percent-decoded', () => {
  expect(parseEncodedHeaders('X_HEADERS', 'Authorization=Bearer%20a=b, ,x-scope = a%2Cb')).toEqual({
    authorization: 'Bearer a=b',
    'x-scope': 'a,b',
  })
  expect(parseEncodedHeaders('X_HEADERS', undefined)).toEqual({})
})

test.each(['authorization=secret%', 'secret', '=secret', 'a b=secret', 'a=secret%0Ab: c'])(
  '%j is refused by the name of the variable, without its value',
  (text) => {
    expect(() => parseEncodedHeaders('X_HEADERS', text)).toThrow(
      /^X_HEADERS: expected name=value, such as authorization=Bearer%20…$/,
    )
  },
)
