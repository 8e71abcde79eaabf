import { createId } from '@valetkey/wallet/protocol'
import type { UiHandler } from '../wallet.ts'

export const siteSwitchOn: UiHandler<'site.switch_on'> = async ({ origin }, wallet) => {
  await wallet.session.required()
  const id = (await wallet.consents.showAgain(origin))?.id ?? createId(wallet.random)
  if (!(await wallet.consents.find(id))) {
    await wallet.consents.add({ kind: 'site', id, origin, windowId: null })
  }
  // The popup asks the browser in the same gesture; if it said yes already, nothing else will open
  // the consent window.
  if (!(await wallet.permissions.holds(origin))) return { waitingFor: 'permission' }
  await wallet.consents.show(id)
  return { waitingFor: 'consent' }
}
