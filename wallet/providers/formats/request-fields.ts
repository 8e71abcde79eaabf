/** Members of request bodies that count in a bound: refused where they are not what they claim. */
import { WalletError, type JsonObject, type JsonValue } from '../../protocol/index.ts'

/** The largest count of answers any provider's API documents. */
const MAX_CHOICES = 128

/**
 * A token limit: null if the app gave none (absent, null or zero).
 * @throws `request.invalid` for anything but a whole number: C44, a bound must not rest on `"100"` or -1
 */
export function readTokenLimit(body: JsonObject, name: string): number | null {
  const value = body[name]
  if (value === undefined || value === null || value === 0) return null
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw refused(name)
  return value
}

/** The highest of several token limits: an API may honour either. */
export function readHighestTokenLimit(body: JsonObject, names: readonly string[]): number | null {
  const limits = names.map((name) => readTokenLimit(body, name)).filter((limit) => limit !== null)
  return limits.length === 0 ? null : Math.max(...limits)
}

/** How many answers are asked for. @throws `request.invalid` */
export function readChoices(body: JsonObject, name: string, whenAbsent = 1): number {
  const value = body[name]
  if (value === undefined || value === null) return whenAbsent
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw refused(name)
  if (value < 1 || value > MAX_CHOICES) throw refused(name)
  return value
}

/** @throws `request.invalid` when the flag is something a lenient server could read either way */
export function readFlag(body: JsonObject, name: string): boolean {
  const value = body[name]
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw refused(name)
  return value
}

/** @throws `request.invalid` when the body names no model */
export function readModel(body: JsonObject): string {
  const model = readOptionalModel(body)
  if (model === null) throw refused('model')
  return model
}

/** @throws `request.invalid` when there is a model and it is no name */
export function readOptionalModel(body: JsonObject): string | null {
  const { model } = body
  if (model === undefined || model === null) return null
  if (typeof model !== 'string' || model === '' || model.length > 200) throw refused('model')
  return model
}

/**
 * The model an address names in its query.
 * @throws `request.invalid` for two (C40: which of them is served, nobody can tell), and for what is no name
 */
export function modelInQuery(url: URL, param = 'model'): string | null {
  const models = url.searchParams.getAll(param)
  const [model = null] = models
  if (models.length > 1 || model === '' || (model ?? '').length > 200) throw refused(param)
  return model
}

export function lengthOf(value: JsonValue | undefined): number {
  return Array.isArray(value) ? value.length : 0
}

/** A body with the named limits cut to `cap`; absent ones stay absent. */
export function capTokenLimits(
  body: JsonObject,
  names: readonly string[],
  cap: number,
): { readonly body: JsonObject; readonly given: boolean } {
  const capped = { ...body }
  let given = false
  for (const name of names) {
    const limit = readTokenLimit(body, name)
    if (limit === null) continue
    capped[name] = Math.min(limit, cap)
    given = true
  }
  return { body: capped, given }
}

export function refused(reason: string): WalletError {
  return new WalletError('request.invalid', { reason })
}
