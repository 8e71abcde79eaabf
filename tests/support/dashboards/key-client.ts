/** What a dashboard's page asks its own server. */

/** A key as it is listed ever after. */
export interface ListedKey {
  readonly id: string
  readonly name: string
  /** All that is left of it in the list. */
  readonly masked: string
  readonly revoked: boolean
}

/** A key at its making: the one time it is told. */
export interface MadeKey extends ListedKey {
  readonly secret: string
}

export const listKeys = (): Promise<ListedKey[]> => ask<ListedKey[]>('GET', 'keys')

export const makeKey = (name: string): Promise<MadeKey> =>
  ask<MadeKey>('POST', `keys?name=${encodeURIComponent(name)}&page=${location.pathname}`)

export const revokeKey = (id: string): Promise<ListedKey[]> =>
  ask<ListedKey[]>('POST', `revoke?id=${id}`)

/** Where the provider still tells it, to whoever presses Copy in the list. */
export const tellSecret = (id: string): Promise<MadeKey> => ask<MadeKey>('GET', `secret?id=${id}`)

async function ask<T>(method: string, path: string): Promise<T> {
  const reply = await fetch(`/dashboard/${path}`, { method })
  return (await reply.json()) as T
}
