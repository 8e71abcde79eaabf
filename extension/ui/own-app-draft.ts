import {
  isRedirectUri,
  type OwnApp,
  type OwnAppDraft,
  type OwnAppKind,
} from '@valetkey/wallet/protocol'
import { DEVELOPER_WORDS } from './messages/developer.ts'
import { readTypedAddress } from './site-address.ts'

/** What stands in the boxes of the form. */
export interface TypedApp {
  readonly name: string
  readonly site: string
  readonly redirects: string
}

/** What has to change, by box; null: nothing. */
export type AppFaults = { readonly [K in keyof TypedApp]: string | null }

const NAME_LENGTH = { min: 3, max: 255 }
const MAX_REDIRECTS = 20

export const EMPTY_APP: TypedApp = { name: '', site: '', redirects: '' }

export function typedOf({ name, origin, redirectUris }: OwnApp): TypedApp {
  return { name, site: origin ?? '', redirects: redirectUris.join('\n') }
}

/** Reads the form. @returns the draft, or what has to change */
export function readApp(
  typed: TypedApp,
  kind: OwnAppKind,
): { readonly draft: OwnAppDraft } | { readonly faults: AppFaults } {
  const name = typed.name.trim()
  const site = readSite(typed.site, kind)
  const redirectUris = typed.redirects.split(/\s+/).filter((line) => line !== '')
  const words = DEVELOPER_WORDS.form.wrong
  const isName = name.length >= NAME_LENGTH.min && name.length <= NAME_LENGTH.max
  const faults = {
    name: isName ? null : words.name,
    site: typeof site === 'string' ? site : null,
    redirects: redirectsFault(redirectUris),
  }
  if (typeof site === 'string' || Object.values(faults).some((fault) => fault !== null)) {
    return { faults }
  }
  return { draft: { name, origin: site.origin, redirectUris } }
}

/** @returns the origin, or what is wrong */
function readSite(typed: string, kind: OwnAppKind): { origin: string | null } | string {
  const words = DEVELOPER_WORDS.form.wrong
  if (typed.trim() === '') return kind === 'program' ? { origin: null } : words.siteEmpty
  const address = readTypedAddress(typed)
  return address.kind === 'site' ? { origin: address.origin } : words.site
}

function redirectsFault(redirectUris: readonly string[]): string | null {
  const words = DEVELOPER_WORDS.form.wrong
  const wrong = redirectUris.find((line) => !isRedirectUri(line))
  if (wrong !== undefined) return words.redirects(wrong)
  return redirectUris.length > MAX_REDIRECTS ? words.tooMany : null
}
