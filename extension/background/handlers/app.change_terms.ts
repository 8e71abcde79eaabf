import type { UiHandler } from '../wallet.ts'

export const appChangeTerms: UiHandler<'app.change_terms'> = async ({ grantId, terms }, wallet) => {
  await wallet.sites.changeTerms(await wallet.session.required(), grantId, terms)
  wallet.announceChange()
  return {}
}
