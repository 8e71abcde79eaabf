export { AppServerCalls } from './app-server-calls.ts'
export { claimCode } from './claim-code.ts'
export {
  appOf,
  isByCode,
  isByOAuth,
  linkWishSchema,
  type LinkWish,
  type OAuthWish,
} from './link-wish.ts'
export { LinkedApps, assertOwnPage, type AskedApp, type LinkedAppsPorts } from './linked-apps.ts'
export { checkRedirect, siteOfRedirect, wishOfDetails } from './oauth-request.ts'
export { createServerParts, type ServerParts, type ServerPartsPorts } from './server-parts.ts'
