import { readAttribute, SpanKind, StatusCode } from '../../../otlp/model.ts'
import { cutText } from '../../trace/attribute-value.ts'
import { renderSpanKind } from '../../trace/role.ts'
import type { ConventionFinding } from '../convention-finding.ts'
import { findRule, type Registry } from '../registry/registry.ts'
import type { SpanFacts } from './span-facts.ts'

type Found = Omit<ConventionFinding, 'subject'>

/** The rules of HTTP for the kind, the name and the status of a span, and for its method. */
export function checkHttpSpan(registry: Registry, facts: SpanFacts): readonly Found[] {
  if (facts.has('db.system', 'db.system.name', 'rpc.system', 'rpc.system.name')) return []
  const { kind } = facts.span
  if (kind !== SpanKind.server && kind !== SpanKind.client) return checkKind(facts)
  return [...checkMethod(registry, facts), ...checkName(facts), ...checkStatus(facts)]
}

function checkKind(facts: SpanFacts): readonly Found[] {
  if (!facts.has('http.request.method')) return []
  return [
    {
      rule: 'span-kind',
      severity: 'violation',
      attribute: '',
      got: renderSpanKind(facts.span.kind),
      expected: 'SERVER or CLIENT',
      replacement: null,
      section: 'http/http-spans.md#http-server-span',
    },
  ]
}

/** A method that the conventions know is not `_OTHER`; what is `_OTHER` is told as it came. */
function checkMethod(registry: Registry, facts: SpanFacts): readonly Found[] {
  if (facts.text('http.request.method') !== '_OTHER') return []
  const original = facts.text('http.request.method_original')
  const section = 'registry/attributes/http.md'
  if (original === undefined) {
    return [
      {
        rule: 'required',
        severity: 'violation',
        attribute: 'http.request.method_original',
        got: null,
        expected: 'http.request.method_original beside http.request.method _OTHER',
        replacement: null,
        section,
      },
    ]
  }
  if (findRule(registry, 'http.request.method')?.values?.includes(original) !== true) return []
  return [
    {
      rule: 'value',
      severity: 'violation',
      attribute: 'http.request.method',
      got: `string "_OTHER" for ${original}`,
      expected: `${original}, which is a known method`,
      replacement: original,
      section,
    },
  ]
}

function checkName(facts: SpanFacts): readonly Found[] {
  const { name, kind } = facts.span
  const method = facts.text('http.request.method')
  if (method === undefined) return []
  const verb = method === '_OTHER' ? 'HTTP' : method
  const target = facts.text(kind === SpanKind.server ? 'http.route' : 'url.template')
  const best = target === undefined ? verb : `${verb} ${target}`
  if (name === best || (kind === SpanKind.client && name === verb)) return []
  // A function's span may be named for the function.
  if (name === readAttribute(facts.resource, 'faas.name') || name === facts.text('faas.name'))
    return []
  const path = readPath(facts)
  const isPath = path !== undefined && path !== target && name.slice(name.indexOf(' ') + 1) === path
  const isVerbForbidden = verb === 'HTTP' && !/^HTTP(?: |$)/.test(name)
  return [
    {
      rule: 'span-name',
      severity: isPath || isVerbForbidden ? 'violation' : 'improvement',
      attribute: '',
      got: cutText(JSON.stringify(name)),
      expected: isPath ? `${best}, and never the path of a URL` : best,
      replacement: best,
      section: 'http/http-spans.md#name',
    },
  ]
}

function readPath(facts: SpanFacts): string | undefined {
  const path = facts.text('url.path')
  const full = facts.text('url.full')
  if (path !== undefined || full === undefined || !URL.canParse(full)) return path
  return new URL(full).pathname
}

function checkStatus(facts: SpanFacts): readonly Found[] {
  const { kind, status, attributes } = facts.span
  const code =
    readAttribute(attributes, 'http.response.status_code') ??
    readAttribute(attributes, 'http.status_code')
  if (typeof code !== 'bigint' || code < 400n || code > 599n) return []
  const isServer = kind === SpanKind.server
  const isError = status.code === StatusCode.error
  const isRight = isServer && code < 500n ? !isError : isError
  if (isRight) return []
  return [
    {
      rule: 'status',
      severity: isError ? 'violation' : 'improvement',
      attribute: '',
      got: `${isError ? 'ERROR' : status.code === StatusCode.ok ? 'OK' : 'UNSET'} for ${code}`,
      expected: isError
        ? 'UNSET for a 4xx of a server, which is the fault of its client'
        : `ERROR for a ${code < 500n ? '4xx of a client' : '5xx'}`,
      replacement: null,
      section: 'http/http-spans.md#status',
    },
  ]
}
