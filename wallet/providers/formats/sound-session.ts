/** Sockets billed by the second or the letter: no frame reports what it cost, so the bound is charged. */
import type { JsonObject } from '../../protocol/index.ts'
import type { SocketSession } from '../socket-endpoint.ts'
import { modelInQuery, refused } from './request-fields.ts'
import { isGiven } from './survey.ts'

interface SoundSpec {
  /** The parameter of the address that names the model. */
  readonly modelParam: string
  /** Parameters of the address that would send results elsewhere, or name a stored thing (C38, C43). */
  readonly refusedParams: readonly string[]
  /** @throws `request.invalid` for a frame of another shape than the API's */
  readonly judge: (frame: JsonObject) => void
}

/** @throws `request.invalid` for two models or a parameter that is refused */
export function openSoundSession(url: URL, spec: SoundSpec): SocketSession {
  const { modelParam, refusedParams, judge } = spec
  for (const name of refusedParams) if (url.searchParams.has(name)) throw refused(name)
  return {
    // Without one the account's usual model answers: only a grant for any model lets a frame through.
    model: modelInQuery(url, modelParam),
    fromPage(frame) {
      judge(frame)
      return { models: [], needs: [] }
    },
    fromProvider: () => undefined,
    spent: () => ({ usage: null, open: true }),
  }
}

/** @throws `request.invalid` for a frame whose `type` is none of these */
export function assertType(frame: JsonObject, types: readonly string[]): void {
  const { type } = frame
  if (typeof type !== 'string' || !types.includes(type)) throw refused('type')
}

/** @throws `request.invalid` for a member that is given */
export function assertWithout(frame: JsonObject, names: readonly string[]): void {
  for (const name of names) if (isGiven(frame[name])) throw refused(name)
}
