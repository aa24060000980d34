import { maskIds } from './volatile-rules.ts'

/** A header that clients rely on, and how two of its values are told to be the same. */
export type HeaderRule = {
  /** In lower case. */
  readonly name: string
  /** The comparable part of a value; two values are equal if this part is. */
  readonly normalize: (value: string) => string
  readonly reason: string
}

/** Declares that a part of a body may differ; that it is there and its JSON type may not. */
export type BodyRule = {
  /** Pattern of operations; absent: all. */
  readonly operation?: string
  /** Pattern of JSON pointers (RFC 6901): `*` stands for any characters, `/` included. */
  readonly pointer: string
  /**
   * `value`: every value of that type is equal. `ids`: equal once ids inside are masked.
   * `elements`: of an array, how many there are and which; its elements are taken together,
   * and `*` stands for their index in the pointers below.
   */
  readonly ignore: 'value' | 'ids' | 'elements'
  readonly reason: string
}

/** How answers are compared: which headers count, and which parts of a JSON body may differ. */
export type AnswerRules = {
  readonly headers: readonly HeaderRule[]
  readonly body: readonly BodyRule[]
}

/** Rules for any HTTP API; the caller adds the lists and counts of one API. */
export const answerRules: AnswerRules = {
  headers: [
    { name: 'content-type', normalize: normalizeParameters, reason: 'says how to read the body' },
    { name: 'location', normalize: normalizeLocation, reason: 'leads to what was made' },
    { name: 'allow', normalize: normalizeList, reason: 'required with 405 (RFC 9110, 15.5.6)' },
    { name: 'retry-after', normalize: normalizeText, reason: 'tells clients when to come back' },
    { name: 'cache-control', normalize: normalizeList, reason: 'tells caches what to keep' },
    { name: 'vary', normalize: normalizeList, reason: 'tells caches what an answer depends on' },
    {
      name: 'content-encoding',
      normalize: normalizeList,
      reason: 'says how to read the body',
    },
    {
      name: 'set-cookie',
      normalize: ignoreValue,
      reason: 'a client sends it back; a session of each request',
    },
    { name: 'www-authenticate', normalize: normalizeText, reason: 'required with 401' },
    { name: 'content-language', normalize: normalizeList, reason: 'says how to read the body' },
    {
      name: 'content-disposition',
      normalize: normalizeText,
      reason: 'says what to do with the body',
    },
    {
      name: 'etag',
      normalize: ignoreValue,
      reason: 'a client may send it back; made from volatile data',
    },
    { name: 'last-modified', normalize: ignoreValue, reason: 'a client may send it back; a time' },
    {
      name: 'x-trace-id',
      normalize: ignoreValue,
      reason: 'leads to the trace; an id of each request',
    },
    { name: 'access-control-allow-origin', normalize: normalizeText, reason: 'browsers obey it' },
    { name: 'access-control-allow-methods', normalize: normalizeList, reason: 'browsers obey it' },
    { name: 'access-control-allow-headers', normalize: normalizeList, reason: 'browsers obey it' },
    { name: 'access-control-expose-headers', normalize: normalizeList, reason: 'browsers obey it' },
    {
      name: 'access-control-allow-credentials',
      normalize: normalizeText,
      reason: 'browsers obey it',
    },
    { name: 'access-control-max-age', normalize: normalizeText, reason: 'browsers obey it' },
  ],
  body: [
    { pointer: '*/id', ignore: 'value', reason: 'an id is made anew for every object' },
    { pointer: '*/created_at', ignore: 'value', reason: 'a time' },
    { pointer: '*/updated_at', ignore: 'value', reason: 'a time' },
    { pointer: '*/trace_id', ignore: 'value', reason: 'an id of each request' },
    { pointer: '/instance', ignore: 'ids', reason: 'names the failed request (RFC 9457)' },
    { pointer: '/detail', ignore: 'ids', reason: 'may name the object that each runtime made' },
  ],
}

function normalizeText(value: string): string {
  return value.trim()
}

/** `Text/HTML; Charset=UTF-8` is `text/html;charset=utf-8`. */
function normalizeParameters(value: string): string {
  return value
    .toLowerCase()
    .replace(/\s*;\s*/g, ';')
    .trim()
}

/** A list of tokens, such as methods or directives, whose order and case mean nothing. */
function normalizeList(value: string): string {
  const tokens = value
    .toLowerCase()
    .split(',')
    .map((token) => token.trim())
  return tokens
    .filter((token) => token !== '')
    .sort()
    .join(', ')
}

/** Absolute or relative is a difference; which host, and which id, is not. */
function normalizeLocation(value: string): string {
  return maskIds(value.trim().replace(/^https?:\/\/[^/?#]*/i, '{origin}'))
}

function ignoreValue(): string {
  return '{any}'
}
