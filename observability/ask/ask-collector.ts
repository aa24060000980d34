import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { splitCredentials } from '../driver/sources/credentials.ts'
import { describeFetchError } from '../driver/sources/describe-fetch-error.ts'
import { problemSchema } from '../wire/problem.ts'

/** Parameters of a question; an absent one is not sent. */
export type QuestionParameters = Readonly<Record<string, string | number | undefined>>

/** Asks one collector. All methods throw AskError. */
export type CollectorQuestions = {
  /** Such as `http://127.0.0.1:4318`, without credentials. */
  readonly url: string
  /** A question that is answered in JSON. */
  ask<Schema extends v.GenericSchema>(
    path: string,
    parameters: QuestionParameters,
    schema: Schema,
  ): Promise<v.InferOutput<Schema>>
  /** A question that is answered in OTLP. */
  read(path: string, parameters: QuestionParameters): Promise<Buffer>
}

/** Why there is no answer, and what to do instead: a sentence for whoever asked. */
export class AskError extends Error {
  override readonly name = 'AskError'
  /** Of the collector's answer; `null` without one. */
  readonly status: number | null

  constructor(message: string, status: number | null = null) {
    super(message)
    this.status = status
  }
}

const answerMillisMax = 30_000
const answerBytesMax = 64 * 1024 * 1024
/** A collector that has much to do says so, and takes the question a little later. */
const attemptsMax = 6
const attemptMillis = 100

/** @param address Of a collector; user and password in it are sent as its credentials. */
export function createCollectorQuestions(address: string): CollectorQuestions {
  const { url, headers } = splitCredentials(address.replace(/\/+$/, ''))

  async function read(path: string, parameters: QuestionParameters): Promise<Buffer> {
    const given = Object.entries(parameters).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    )
    const asked = `${url}${path}?${new URLSearchParams(given)}`
    for (let attempt = 1; ; attempt += 1) {
      const response = await askOnce(asked)
      const isBusy = response.status === 503 && attempt < attemptsMax
      if (!isBusy) return readAnswer(response)
      await response.body?.cancel()
      await delay(attemptMillis * 2 ** attempt)
    }
  }

  async function askOnce(asked: string): Promise<Response> {
    try {
      return await fetch(asked, { headers, signal: AbortSignal.timeout(answerMillisMax) })
    } catch (error) {
      const reason = describeFetchError(error, answerMillisMax)
      throw new AskError(
        `no collector answers at ${url} (${reason}): start one with npm start, or name another by --collector`,
      )
    }
  }

  return {
    url,
    read,
    async ask(path, parameters, schema) {
      const parsed = v.safeParse(schema, parseJson(await read(path, parameters)))
      if (parsed.success) return parsed.output
      throw new AskError(
        `${url}${path} answers in a way that is not known here: is it a collector of another version?`,
      )
    },
  }
}

async function readAnswer(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > answerBytesMax)
      throw new AskError('the answer is larger than 64 MB: ask for less, with conditions or times')
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  if (response.ok) return bytes
  const problem = v.safeParse(problemSchema, parseJson(bytes))
  const detail = problem.success ? problem.output.detail : 'is it a collector of this project?'
  throw new AskError(
    problem.success ? detail : `${response.status} without a reason: ${detail}`,
    response.status,
  )
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
