import type { ValetKeyError } from 'valetkey'
import { ValetKey, type LinkHandle, type LinkOptions } from 'valetkey/link'
import { expectType } from './expect-type.js'

expectType<[publicToken: string]>().is<Parameters<LinkOptions['onSuccess']>>()
expectType<[error: ValetKeyError | null]>().is<Parameters<NonNullable<LinkOptions['onExit']>>>()
expectType<(options: LinkOptions) => LinkHandle>().is<typeof ValetKey.create>()

export function link(token: string): LinkHandle {
  return ValetKey.create({
    ...{ token, server: 'https://sync.example.test' },
    onSuccess: (publicToken) => {
      document.body.textContent = publicToken
    },
  })
}

// @ts-expect-error: without the server there is nobody to ask.
ValetKey.create({ token: 'a link token', onSuccess: () => undefined })
