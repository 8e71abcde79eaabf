import {
  authorizationDetailsSchema,
  parseJson,
  type AuthorizationDetail,
  type JsonValue,
} from '@valetkey/wallet/protocol'
import * as z from 'zod'
import { OAuthError } from './oauth-error.ts'

export const SCOPES = ['api:access', 'profile:read'] as const
const scopesSchema = z.array(z.enum(SCOPES))
export type Scope = (typeof SCOPES)[number]
const USUAL_DETAILS: readonly AuthorizationDetail[] = [{ type: 'ai_inference' }]
const MAX_DETAILS_LENGTH = 16 * 1024
const textsSchema = z.array(z.string())

export const readTexts = (json: string): string[] => textsSchema.parse(parseJson(json))
export const readScopes = (json: string): Scope[] => scopesSchema.parse(parseJson(json))

/**
 * What of `allowed` is asked for; all of it where nothing is said.
 * @throws `invalid_scope` for more
 */
export function narrowed(allowed: readonly Scope[], asked: string | undefined): Scope[] {
  if (asked === undefined) return [...allowed]
  const names = [...new Set(asked.split(' ').filter(Boolean))]
  const known = allowed.filter((scope) => names.includes(scope))
  if (names.length === 0 || known.length !== names.length) {
    throw new OAuthError('invalid_scope', 'No such scope, or more than the app may ask for.')
  }
  return known
}

/** RFC 9396 §2. @throws `invalid_authorization_details` */
export function readDetails(asked: string | undefined): readonly AuthorizationDetail[] {
  if (asked === undefined) return USUAL_DETAILS
  const refused = new OAuthError(
    'invalid_authorization_details',
    'A JSON list of details of type ai_inference.',
  )
  if (asked.length > MAX_DETAILS_LENGTH) throw refused
  let json: unknown
  try {
    json = parseJson(asked)
  } catch {
    throw refused
  }
  const details = authorizationDetailsSchema.safeParse(json)
  if (!details.success) throw refused
  return details.data
}

/** What a schema read from JSON, to be hashed or compared: what was not there is not in it. */
export function asJson(value: object): JsonValue {
  return value as JsonValue
}
