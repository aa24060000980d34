/**
 * A request at the edge of what HTTP allows, or past it. Each platform answers some of these itself, before the service
 * sees them. A runtime's deviations from `answer` are in `httpEdge` of its `runtime.ts`.
 */
export type EdgeRequest = {
  readonly name: string
  /** Byte for byte, in Latin-1. */
  readonly text: string
  /**
   * HTTP's demand, or the service's answer if the platform passes the request on: the status; `problem` if the body is
   * problem details; `untraced` if there is no `x-trace-id`; `nothing` if the connection is closed without an answer.
   */
  readonly answer: string
}

const notes = '/notes'
const json = 'content-type: application/json'

export const edgeRequests: readonly EdgeRequest[] = [
  {
    name: 'GET with a body',
    text: request(`GET ${notes}`, [json, 'content-length: 2'], '{}'),
    answer: '200',
  },
  {
    name: 'GET with a chunked body',
    text: request(`GET ${notes}`, [json, 'transfer-encoding: chunked'], '2\r\n{}\r\n0\r\n\r\n'),
    answer: '200',
  },
  {
    name: 'HEAD with a body',
    text: request(`HEAD ${notes}`, [json, 'content-length: 2'], '{}'),
    answer: '200',
  },
  {
    name: 'DELETE with a body',
    text: request(`DELETE ${notes}/x`, [json, 'content-length: 2'], '{}'),
    answer: '400 problem',
  },
  {
    name: 'a method of WebDAV, PROPFIND',
    text: request(`PROPFIND ${notes}`),
    answer: '405 problem',
  },
  { name: 'TRACE', text: request(`TRACE ${notes}`), answer: '405 problem' },
  { name: 'a method nobody knows, FOO', text: request(`FOO ${notes}`), answer: '405 problem' },
  { name: 'a method in lower case', text: request('get /health'), answer: '405 problem' },
  {
    name: 'CONNECT',
    text: request('CONNECT 127.0.0.1:1'),
    answer: '404 problem',
  },
  { name: 'OPTIONS *', text: request('OPTIONS *'), answer: '404 problem' },
  {
    name: 'no Host in HTTP/1.1',
    text: 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n',
    answer: '400 untraced',
  },
  { name: 'no Host in HTTP/1.0', text: 'GET /health HTTP/1.0\r\n\r\n', answer: '200' },
  {
    name: 'an empty Host',
    text: 'GET /health HTTP/1.1\r\nhost:\r\nconnection: close\r\n\r\n',
    answer: '200',
  },
  {
    name: 'no Host, and a path that begins with two slashes',
    text: 'GET //a.example/health HTTP/1.0\r\n\r\n',
    answer: '404 problem',
  },
  {
    name: 'a Host with a space in it',
    text: 'GET /health HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n',
    answer: '200',
  },
  {
    name: 'a Host with port 99999',
    text: 'GET /health HTTP/1.1\r\nhost: a:99999\r\nconnection: close\r\n\r\n',
    answer: '200',
  },
  {
    name: 'two Hosts',
    text: 'GET /health HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n',
    answer: '200',
  },
  {
    name: 'a URL instead of a path',
    text: request('GET http://other.example/health'),
    answer: '200',
  },
  { name: 'dot segments', text: request('GET /a/../health'), answer: '200' },
  { name: 'encoded dot segments', text: request('GET /a/%2e%2e/health'), answer: '200' },
  {
    name: 'two slashes and a host',
    text: request('GET //a.example/health'),
    answer: '404 problem',
  },
  { name: 'a fragment', text: request('GET /health#x'), answer: '200' },
  {
    name: 'bytes that are not ASCII in the path',
    text: request('GET /h\xe9'),
    answer: '404 problem',
  },
  { name: 'a backslash in the path', text: request('GET /health\\'), answer: '404 problem' },
  { name: 'a backtick in the path', text: request('GET /a`b'), answer: '404 problem' },
  { name: 'a path without its slash', text: request('GET health'), answer: '400 untraced' },
  { name: 'a space in the path', text: request('GET /a b'), answer: '400 untraced' },
  { name: 'DEL in the path', text: request('GET /\x7f'), answer: '404 problem' },
  { name: 'encoding that is none', text: request(`GET ${notes}/%zz`), answer: '400 problem' },
  { name: 'encoding that is no UTF-8', text: request(`GET ${notes}/%ff`), answer: '400 problem' },
  {
    name: 'a header of 20 kB',
    text: request('GET /health', [`x: ${'a'.repeat(20_000)}`]),
    answer: '200',
  },
  { name: 'a query of 20 kB', text: request(`GET /health?${'a'.repeat(20_000)}`), answer: '200' },
  {
    name: 'bytes that are not ASCII in a header',
    text: request('GET /health', ['user-agent: \xe9']),
    answer: '200',
  },
  { name: 'NUL in a header', text: request('GET /health', ['x: a\0b']), answer: '400 untraced' },
  {
    name: 'a space before the colon of a header',
    text: request('GET /health', ['x : a']),
    answer: '400 untraced',
  },
  { name: 'a folded header', text: request('GET /health', ['x: a\r\n b']), answer: '400 untraced' },
  {
    name: 'two lengths of the body',
    text: request(`POST ${notes}`, [json, 'content-length: 2', 'content-length: 3'], '{}'),
    answer: '400 untraced',
  },
  {
    name: 'a length of the body, and chunks',
    text: request(
      `POST ${notes}`,
      [json, 'content-length: 2', 'transfer-encoding: chunked'],
      '2\r\n{}\r\n0\r\n\r\n',
    ),
    answer: '400 untraced',
  },
  {
    name: 'a compressed body',
    text: request(`POST ${notes}`, [json, 'content-encoding: gzip', 'content-length: 2'], '{}'),
    answer: '415 problem',
  },
  {
    name: 'an expectation other than 100-continue',
    text: request(`DELETE ${notes}/x`, ['expect: more']),
    answer: '400 problem',
  },
  {
    name: 'lines that end without CR',
    text: 'GET /health HTTP/1.1\nhost: a\nconnection: close\n\n',
    answer: '400 untraced',
  },
  { name: 'HTTP/2.0 in words', text: request('GET /health', [], '', 'HTTP/2.0'), answer: '200' },
  { name: 'no HTTP at all', text: 'hello\r\n\r\n', answer: '400 untraced' },
]

function request(
  target: string,
  headers: readonly string[] = [],
  body = '',
  version = 'HTTP/1.1',
): string {
  const head = [`${target} ${version}`, 'host: 127.0.0.1', 'connection: close', ...headers]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
