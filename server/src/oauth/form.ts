import { OAuthError } from './oauth-error.ts'

/** The parameters of a request, each at most once (RFC 6749 §3.1, §3.2); empty ones count as absent. */
export type Form = Readonly<Record<string, string | undefined>>

/** @throws `invalid_request` for a parameter that stands there twice */
export function readForm(parameters: URLSearchParams): Form {
  const form = new Map<string, string>()
  for (const [name, value] of parameters) {
    if (form.has(name)) throw new OAuthError('invalid_request', 'A parameter is repeated.')
    form.set(name, value)
  }
  return Object.fromEntries([...form].filter(([, value]) => value !== ''))
}

/** @throws `invalid_request` where it is absent */
export function required(form: Form, name: string): string {
  const value = form[name]
  if (value === undefined) throw new OAuthError('invalid_request', `${name} is missing.`)
  return value
}
