/** What OAuth 2 calls a failure (RFC 6749 §5.2, RFC 8628 §3.5, RFC 9396 §5): their words, not ours. */
const STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  invalid_scope: 400,
  invalid_authorization_details: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  access_denied: 400,
  authorization_pending: 400,
  slow_down: 400,
  expired_token: 400,
  temporarily_unavailable: 429,
  server_error: 500,
} as const
export type OAuthErrorCode = keyof typeof STATUS

export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: OAuthErrorCode
  readonly status: number
  readonly retryAfterS: number | undefined

  /** @param about for the app's developer; quotes nothing that was sent */
  constructor(code: OAuthErrorCode, about: string, retryAfterS?: number) {
    super(about)
    this.code = code
    this.status = STATUS[code]
    this.retryAfterS = retryAfterS
  }
}
