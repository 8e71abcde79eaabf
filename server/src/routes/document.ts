import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { FastifyInstance } from 'fastify'

const START = "Redoc.init('/openapi.json', {}, document.getElementById('page'))"
const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>ValetKey server</title></head>
<body><div id="page"></div><script src="/docs/redoc.js"></script><script>${START}</script></body>
</html>
`
const START_HASH = createHash('sha256').update(START).digest('base64')
/** Redoc writes its styles itself; nothing comes from another origin, nothing goes to one. */
const POLICY = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${START_HASH}'`,
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** What the server says of itself, for programs and for people. */
export function addDocumentRoutes(app: FastifyInstance): void {
  const schema = { hide: true }
  app.get('/openapi.json', { schema }, (_request, reply) => reply.send(app.swagger()))
  app.get('/docs', { schema }, (_request, reply) =>
    reply.type('text/html').header('content-security-policy', POLICY).send(PAGE),
  )
  app.get('/docs/redoc.js', { schema }, async (_request, reply) => {
    const file = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js')
    return reply.type('text/javascript').send(await readFile(file))
  })
}
