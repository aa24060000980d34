import { type Context, Hono } from 'hono'
import { describeRoute } from 'hono-openapi'
import { describeProblems } from './openapi.ts'

/** A file of Swagger UI, by its name in `swagger-ui-dist`. */
type DocsFileName = keyof typeof mediaTypes

/** Reads a file of Swagger UI; `null` if it does not exist. */
export type DocsFileReader = (
  name: DocsFileName,
) => Promise<ReadableStream<Uint8Array> | Uint8Array | null>

const mediaTypes = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Todo API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`

// A separate file, so that the page needs no inline script. Without `validatorUrl: null`, Swagger UI would send the
// document to its makers' validator.
const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
})
`

// Nothing from another host and no script but ours. Swagger UI draws its icons as data: images.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

// A day: a file changes only with the release of the service, and no reader of docs is in a hurry.
const assetHeaders = {
  'cache-control': 'public, max-age=86400',
  'x-content-type-options': 'nosniff',
}

/** Interactive documentation of `/openapi.json`, asking no other host for anything. */
export function docsRoutes(readFile: DocsFileReader): Hono {
  const app = new Hono()

  app.get(
    '/',
    describeRoute({
      operationId: 'getDocs',
      summary: 'This documentation, for the browser',
      tags: ['Service'],
      responses: {
        200: { description: 'A page.', content: { 'text/html': { schema: { type: 'string' } } } },
        ...describeProblems(),
      },
    }),
    (c) =>
      c.html(page, 200, {
        'content-security-policy': contentSecurityPolicy,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      }),
  )

  app.get('/start.js', (c) =>
    c.body(start, 200, { ...assetHeaders, 'content-type': mediaTypes['swagger-ui-bundle.js'] }),
  )
  app.get('/swagger-ui.css', (c) => serveFile(c, 'swagger-ui.css', readFile))
  app.get('/swagger-ui-bundle.js', (c) => serveFile(c, 'swagger-ui-bundle.js', readFile))
  return app
}

async function serveFile(c: Context, name: DocsFileName, readFile: DocsFileReader) {
  const file = await readFile(name)
  if (file === null) return c.notFound()
  const headers = { ...assetHeaders, 'content-type': mediaTypes[name] }
  // A copy, because a response takes no view into memory that may be shared.
  return c.body(file instanceof ReadableStream ? file : new Uint8Array(file), 200, headers)
}
