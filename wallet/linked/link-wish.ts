/** What an app's server asks for: told by its server, shown to the person. */
import * as z from 'zod/mini'
import {
  linkDetailsSchema,
  oauthDetailsSchema,
  originSchema,
  type LinkDetails,
  type OAuthDetails,
} from '../protocol/index.ts'

export const linkWishSchema = z.union([
  z.strictObject({ server: originSchema, linkToken: z.string(), details: linkDetailsSchema }),
  /** By OAuth. */
  z.strictObject({ server: originSchema, requestId: z.string(), details: oauthDetailsSchema }),
])
/** What the app's server was told at the server, and what the person is shown. */
export type LinkWish = z.infer<typeof linkWishSchema>
/** Of an app that asked by OAuth, in a tab. */
export type OAuthWish = Extract<LinkWish, { requestId: string }>

export function isByOAuth(wish: LinkWish): wish is OAuthWish {
  return 'requestId' in wish
}

/** Its code was typed: no tab waits for an answer, and nothing but its name stands for it. */
export function isByCode(wish: LinkWish): boolean {
  return isByOAuth(wish) && wish.details.redirectUri === null
}

/** The app that asks, as it is registered at the server. */
export function appOf({ details }: LinkWish): LinkDetails['app'] | OAuthDetails['client'] {
  return 'app' in details ? details.app : details.client
}
