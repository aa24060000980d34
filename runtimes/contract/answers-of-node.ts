/** The answers of Node's HTTP parser, for every runtime that is served through it. */
export const answersOfNode = {
  'a method nobody knows, FOO': '400 untraced',
  'a method in lower case': '400 untraced',
  CONNECT: 'nothing',
  'OPTIONS *': '400 untraced',
  'bytes that are not ASCII in the path': '400 untraced',
  'DEL in the path': '400 untraced',
  'a header of 20 kB': '431 untraced',
  'a query of 20 kB': '431 untraced',
  'an expectation other than 100-continue': '417 untraced',
} as const
