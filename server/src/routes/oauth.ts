/** The endpoints of OAuth 2: forms in, and answers as its standards name them, outside our envelope. */
import { isWalletError } from '@valetkey/wallet/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { beginDevice, exchangeDevice } from '../oauth/device-grant.ts'
import { introspect, revokeToken } from '../oauth/end-tokens.ts'
import { readForm, required, type Form } from '../oauth/form.ts'
import { DEVICE_GRANT, metadata } from '../oauth/metadata.ts'
import { OAuthError } from '../oauth/oauth-error.ts'
import { PAGE_HEADERS, authorizePage, devicePage, refusalPage } from '../oauth/page.ts'
import { limited, proveOAuthClient } from '../oauth/prove-client.ts'
import { parkRequest } from '../oauth/request.ts'
import { exchangeCode, refresh } from '../oauth/tokens.ts'
import type { Server } from '../server.ts'
import type { App } from '../stores/apps.ts'

const FORM = 'application/x-www-form-urlencoded'
const BODY_LIMIT_BYTES = 32 * 1024

interface Endpoint {
  readonly url: string
  readonly summary: string
  /** Of the form, beside the app's own proof. */
  readonly fields: readonly string[]
  readonly answer: (app: App, form: Form, ip: string) => Promise<object>
}

export function addOAuthRoutes(app: FastifyInstance, server: Server): void {
  addPages(app, server)
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, parsed) => {
      try {
        parsed(null, readForm(new URLSearchParams(body.toString())))
      } catch (error) {
        parsed(error instanceof Error ? error : new OAuthError('invalid_request', 'No form.'))
      }
    })
    scope.setErrorHandler((caught, request, reply) => answerOAuthError(caught, request, reply))
    for (const { url, summary, fields, answer } of endpoints(server)) {
      scope.route({
        ...{ method: 'POST', url, bodyLimit: BODY_LIMIT_BYTES },
        schema: {
          summary,
          tags: ['OAuth'],
          consumes: [FORM],
          body: formSchema([...fields, 'client_id', 'client_secret']),
          response: replies(),
        },
        handler: async (request, reply) => {
          // The answer is for whoever holds the code or the token, in a page, too; no cookie comes into it.
          void reply.header('access-control-allow-origin', '*').header('pragma', 'no-cache')
          const form = request.body as Form // of the schema
          const { authorization, origin } = request.headers
          const from = { form, authorization, origin, ip: request.ip }
          const client = await proveOAuthClient(server, from)
          return reply.send(await answer(client, form, request.ip))
        },
      })
    }
    done()
  })
}

function endpoints(server: Server): readonly Endpoint[] {
  return [
    {
      url: '/oauth2/token',
      summary: 'A code, a refresh token or a device code for an access token',
      fields: [
        ...['grant_type', 'code', 'redirect_uri', 'code_verifier'],
        ...['refresh_token', 'device_code', 'scope', 'authorization_details'],
      ],
      answer: (app, form) => giveToken(server, app, form),
    },
    {
      url: '/oauth2/revoke',
      summary: 'Ends a token; a refresh token takes along what came of the same consent',
      fields: ['token', 'token_type_hint'],
      answer: async (app, form) => {
        await revokeToken(server, app, form)
        return {}
      },
    },
    {
      url: '/oauth2/introspect',
      summary: 'What a token of the app’s own is good for',
      fields: ['token', 'token_type_hint'],
      answer: (app, form) => introspect(server, app, form),
    },
    {
      url: '/oauth2/device_authorization',
      summary: 'A code for a person to type in their wallet',
      fields: ['scope', 'authorization_details'],
      answer: (app, form, ip) => beginDevice(server, app, form, ip),
    },
  ]
}

function giveToken(server: Server, app: App, form: Form): Promise<object> {
  const type = required(form, 'grant_type')
  if (type === 'authorization_code') return exchangeCode(server, app, form)
  if (type === 'refresh_token') return refresh(server, app, form)
  if (type === DEVICE_GRANT) return exchangeDevice(server, app, form)
  // The implicit grant and the one by password are not there (RFC 9700 §2.1.2, §2.4).
  throw new OAuthError('unsupported_grant_type', 'There is no such grant_type.')
}

function addPages(app: FastifyInstance, server: Server): void {
  const hidden = { schema: { hide: true } }
  const show = (reply: FastifyReply, status: number, text: string) =>
    reply.status(status).headers(PAGE_HEADERS).send(text)
  app.get('/oauth2/authorize', hidden, async (request, reply) => {
    try {
      await limited(server, 'guests', request.ip)
      const { searchParams } = new URL(request.url, server.config.origin)
      const parked = await parkRequest(server, readForm(searchParams))
      const { requestId, redirectUri } = parked
      const page = authorizePage({ requestId, redirectUri, appName: parked.app.name })
      return await show(reply, 200, page)
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      // C94: shown, never sent on.
      return show(
        reply,
        error.code === 'invalid_client' ? 400 : error.status,
        refusalPage(`${error.code}. ${error.message}`),
      )
    }
  })
  app.get('/oauth2/device', hidden, (_request, reply) => show(reply, 200, devicePage()))
  app.get('/.well-known/oauth-authorization-server', hidden, (_request, reply) =>
    reply.header('access-control-allow-origin', '*').send(metadata(server.config.origin)),
  )
}

function answerOAuthError(caught: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
  const error = asOAuthError(caught)
  if (error.code === 'server_error') {
    request.log.error({ requestId: request.id, failure: (caught as Error).name })
  }
  // RFC 6749 §5.2: who came with Basic hears which way there is.
  if (error.code === 'invalid_client') {
    void reply.header('www-authenticate', 'Basic realm="ValetKey"')
  }
  if (error.retryAfterS !== undefined) void reply.header('retry-after', error.retryAfterS)
  return reply.status(error.status).send({ error: error.code, error_description: error.message })
}

function asOAuthError(caught: unknown): OAuthError {
  if (caught instanceof OAuthError) return caught
  const status = (caught as { statusCode?: number }).statusCode ?? 500
  if (isWalletError(caught) ? caught.status < 500 : status < 500) {
    return new OAuthError('invalid_request', 'The request cannot be read.')
  }
  return new OAuthError('server_error', 'Something went wrong here.')
}

/** What else is sent is left out (RFC 6749 §3.2). */
function formSchema(fields: readonly string[]): z.ZodType {
  return z.object(Object.fromEntries(fields.map((name) => [name, z.string().optional()])))
}

function replies(): Record<number, z.ZodType> {
  const failure = z.object({ error: z.string(), error_description: z.string() })
  return { 200: z.looseObject({}), 400: failure, 401: failure, 429: failure }
}
