/** Requests of our own windows: schema, then one handler. */
import {
  UI_METHODS,
  WalletError,
  createId,
  parseWith,
  toWire,
  uiRequestSchema,
  type UiMethod,
  type UiParams,
  type UiReply,
} from '@valetkey/wallet/protocol'
import { appChangeTerms } from './handlers/app.change_terms.ts'
import { appDismissNotice } from './handlers/app.dismiss_notice.ts'
import { appGet } from './handlers/app.get.ts'
import { appList } from './handlers/app.list.ts'
import { linkedEnterCode } from './handlers/linked.enter_code.ts'
import { linkedList } from './handlers/linked.list.ts'
import { linkedPause } from './handlers/linked.pause.ts'
import { linkedRevoke } from './handlers/linked.revoke.ts'
import { appNoticesList } from './handlers/app.notices_list.ts'
import { backupCreate } from './handlers/backup.create.ts'
import { backupImport } from './handlers/backup.import.ts'
import { backupMerge } from './handlers/backup.merge.ts'
import { backupPreview } from './handlers/backup.preview.ts'
import { backupRestore } from './handlers/backup.restore.ts'
import { backupRestoreWithKit } from './handlers/backup.restore_with_kit.ts'
import { captureCheck } from './handlers/capture.check.ts'
import { captureDiscard } from './handlers/capture.discard.ts'
import { captureGet } from './handlers/capture.get.ts'
import { captureSave } from './handlers/capture.save.ts'
import { clipboardNoteCopy } from './handlers/clipboard.note_copy.ts'
import { consentDecide } from './handlers/consent.decide.ts'
import { consentGet } from './handlers/consent.get.ts'
import { diagnosticsGet } from './handlers/diagnostics.get.ts'
import { exportKeys } from './handlers/export.keys.ts'
import { importPreview } from './handlers/import.preview.ts'
import { importRun } from './handlers/import.run.ts'
import { deviceList } from './handlers/device.list.ts'
import { deviceRemove } from './handlers/device.remove.ts'
import { deviceRename } from './handlers/device.rename.ts'
import { ownAppChange } from './handlers/own_app.change.ts'
import { ownAppList } from './handlers/own_app.list.ts'
import { ownAppRegister } from './handlers/own_app.register.ts'
import { ownAppRemove } from './handlers/own_app.remove.ts'
import { ownAppRenewSecret } from './handlers/own_app.renew_secret.ts'
import { ownAppSetActive } from './handlers/own_app.set_active.ts'
import { ownAppSiteKeys } from './handlers/own_app.site_keys.ts'
import { ownAppUsage } from './handlers/own_app.usage.ts'
import { pairingBegin } from './handlers/pairing.begin.ts'
import { pairingCancel } from './handlers/pairing.cancel.ts'
import { pairingClaim } from './handlers/pairing.claim.ts'
import { pairingConfirm } from './handlers/pairing.confirm.ts'
import { pairingGet } from './handlers/pairing.get.ts'
import { pairingRefuse } from './handlers/pairing.refuse.ts'
import { syncConfirmFresh } from './handlers/sync.confirm_fresh.ts'
import { syncDeleteAccount } from './handlers/sync.delete_account.ts'
import { syncEnrol } from './handlers/sync.enrol.ts'
import { syncGet } from './handlers/sync.get.ts'
import { syncMove } from './handlers/sync.move.ts'
import { syncNow } from './handlers/sync.now.ts'
import { syncRecover } from './handlers/sync.recover.ts'
import { syncRestoreServer } from './handlers/sync.restore_server.ts'
import { syncSignUp } from './handlers/sync.sign_up.ts'
import { syncStop } from './handlers/sync.stop.ts'
import { keyAdd } from './handlers/key.add.ts'
import { keyArchive } from './handlers/key.archive.ts'
import { keyCheck } from './handlers/key.check.ts'
import { keyList } from './handlers/key.list.ts'
import { keyRemove } from './handlers/key.remove.ts'
import { keyReorder } from './handlers/key.reorder.ts'
import { keyForgetKept } from './handlers/key.forget_kept.ts'
import { keyReplace } from './handlers/key.replace.ts'
import { keyRestore } from './handlers/key.restore.ts'
import { keyReveal } from './handlers/key.reveal.ts'
import { keySetPrices } from './handlers/key.set_prices.ts'
import { keyUpdate } from './handlers/key.update.ts'
import { keyUseKept } from './handlers/key.use_kept.ts'
import { kitConfirm } from './handlers/kit.confirm.ts'
import { kitRenew } from './handlers/kit.renew.ts'
import { passkeyAdd } from './handlers/passkey.add.ts'
import { passkeyList } from './handlers/passkey.list.ts'
import { passkeyPrepare } from './handlers/passkey.prepare.ts'
import { passkeyRemove } from './handlers/passkey.remove.ts'
import { passkeyRename } from './handlers/passkey.rename.ts'
import { protectionGet } from './handlers/protection.get.ts'
import { protectionSetLock } from './handlers/protection.set_lock.ts'
import { protectionSetPhrase } from './handlers/protection.set_phrase.ts'
import { vaultChangePassphrase } from './handlers/vault.change_passphrase.ts'
import { vaultRecover } from './handlers/vault.recover.ts'
import { vaultRotate } from './handlers/vault.rotate.ts'
import { vaultSuggestPassphrase } from './handlers/vault.suggest_passphrase.ts'
import { vaultUnlockWithPasskey } from './handlers/vault.unlock_with_passkey.ts'
import { recoveryCopy } from './handlers/recovery.copy.ts'
import { recoveryGet } from './handlers/recovery.get.ts'
import { settingsChange } from './handlers/settings.change.ts'
import { settingsGet } from './handlers/settings.get.ts'
import { siteDismissForeignHost } from './handlers/site.dismiss_foreign_host.ts'
import { siteKeysList } from './handlers/site_keys.list.ts'
import { siteGet } from './handlers/site.get.ts'
import { sitePause } from './handlers/site.pause.ts'
import { siteSetLane } from './handlers/site.set_lane.ts'
import { siteKeysReplace } from './handlers/site_keys.replace.ts'
import { siteSwitchOff } from './handlers/site.switch_off.ts'
import { siteSwitchOn } from './handlers/site.switch_on.ts'
import { statusGet } from './handlers/status.get.ts'
import { usageChangesGet } from './handlers/usage.changes_get.ts'
import { usageErase } from './handlers/usage.erase.ts'
import { usageExportGet } from './handlers/usage.export_get.ts'
import { usageList } from './handlers/usage.list.ts'
import { usageRetentionGet } from './handlers/usage.retention_get.ts'
import { usageRowsList } from './handlers/usage.rows_list.ts'
import { usageSetRetention } from './handlers/usage.set_retention.ts'
import { usageSummaryGet } from './handlers/usage.summary_get.ts'
import { vaultCreate } from './handlers/vault.create.ts'
import { vaultLock } from './handlers/vault.lock.ts'
import { vaultReauthenticate } from './handlers/vault.reauthenticate.ts'
import { vaultUnlock } from './handlers/vault.unlock.ts'
import { walletErase } from './handlers/wallet.erase.ts'
import { walletPause } from './handlers/wallet.pause.ts'
import type { UiHandler, Wallet } from './wallet.ts'

const HANDLERS: { readonly [M in UiMethod]: UiHandler<M> } = {
  'status.get': statusGet,
  'vault.create': vaultCreate,
  'vault.unlock': vaultUnlock,
  'vault.lock': vaultLock,
  'vault.reauthenticate': vaultReauthenticate,
  'key.add': keyAdd,
  'key.list': keyList,
  'key.check': keyCheck,
  'key.remove': keyRemove,
  'site.get': siteGet,
  'site.switch_on': siteSwitchOn,
  'site.switch_off': siteSwitchOff,
  'site.dismiss_foreign_host': siteDismissForeignHost,
  'site_keys.list': siteKeysList,
  'site_keys.replace': siteKeysReplace,
  'site.pause': sitePause,
  'site.set_lane': siteSetLane,
  'wallet.pause': walletPause,
  'app.list': appList,
  'linked.enter_code': linkedEnterCode,
  'linked.list': linkedList,
  'linked.pause': linkedPause,
  'linked.revoke': linkedRevoke,
  'own_app.change': ownAppChange,
  'own_app.list': ownAppList,
  'own_app.register': ownAppRegister,
  'own_app.remove': ownAppRemove,
  'own_app.renew_secret': ownAppRenewSecret,
  'own_app.set_active': ownAppSetActive,
  'own_app.site_keys': ownAppSiteKeys,
  'own_app.usage': ownAppUsage,
  'app.get': appGet,
  'app.change_terms': appChangeTerms,
  'app.notices_list': appNoticesList,
  'app.dismiss_notice': appDismissNotice,
  'consent.get': consentGet,
  'consent.decide': consentDecide,
  'clipboard.note_copy': clipboardNoteCopy,
  'capture.get': captureGet,
  'capture.check': captureCheck,
  'capture.save': captureSave,
  'capture.discard': captureDiscard,
  'key.archive': keyArchive,
  'key.reorder': keyReorder,
  'key.forget_kept': keyForgetKept,
  'key.replace': keyReplace,
  'key.use_kept': keyUseKept,
  'key.restore': keyRestore,
  'key.reveal': keyReveal,
  'key.set_prices': keySetPrices,
  'key.update': keyUpdate,
  'import.preview': importPreview,
  'import.run': importRun,
  'export.keys': exportKeys,
  'backup.create': backupCreate,
  'backup.preview': backupPreview,
  'backup.merge': backupMerge,
  'backup.import': backupImport,
  'backup.restore': backupRestore,
  'backup.restore_with_kit': backupRestoreWithKit,
  'recovery.get': recoveryGet,
  'recovery.copy': recoveryCopy,
  'wallet.erase': walletErase,
  'settings.change': settingsChange,
  'settings.get': settingsGet,
  'usage.changes_get': usageChangesGet,
  'usage.erase': usageErase,
  'usage.export_get': usageExportGet,
  'usage.list': usageList,
  'usage.retention_get': usageRetentionGet,
  'usage.rows_list': usageRowsList,
  'usage.set_retention': usageSetRetention,
  'usage.summary_get': usageSummaryGet,
  'diagnostics.get': diagnosticsGet,
  'kit.confirm': kitConfirm,
  'kit.renew': kitRenew,
  'passkey.add': passkeyAdd,
  'passkey.list': passkeyList,
  'passkey.prepare': passkeyPrepare,
  'passkey.remove': passkeyRemove,
  'passkey.rename': passkeyRename,
  'device.list': deviceList,
  'device.remove': deviceRemove,
  'device.rename': deviceRename,
  'pairing.begin': pairingBegin,
  'pairing.cancel': pairingCancel,
  'pairing.claim': pairingClaim,
  'pairing.confirm': pairingConfirm,
  'pairing.get': pairingGet,
  'pairing.refuse': pairingRefuse,
  'sync.confirm_fresh': syncConfirmFresh,
  'sync.delete_account': syncDeleteAccount,
  'sync.enrol': syncEnrol,
  'sync.get': syncGet,
  'sync.move': syncMove,
  'sync.now': syncNow,
  'sync.recover': syncRecover,
  'sync.restore_server': syncRestoreServer,
  'sync.sign_up': syncSignUp,
  'sync.stop': syncStop,
  'protection.get': protectionGet,
  'protection.set_lock': protectionSetLock,
  'protection.set_phrase': protectionSetPhrase,
  'vault.change_passphrase': vaultChangePassphrase,
  'vault.recover': vaultRecover,
  'vault.rotate': vaultRotate,
  'vault.suggest_passphrase': vaultSuggestPassphrase,
  'vault.unlock_with_passkey': vaultUnlockWithPasskey,
}

/** After these, what the browser may add to an app's own requests can be another. */
const CHANGES_RULES =
  /^(?:site\.(?:pause|switch_off|set_lane)|wallet\.pause|consent\.decide|app\.change_terms|capture\.save|key\.(?:archive|remove|replace|restore)|backup\.(?:merge|import|restore(?:_with_kit)?)|sync\.(?:enrol|recover))$/

/** Answers a window. Never throws: a failure is a reply in the wire's form. */
export async function routeUiRequest(raw: unknown, wallet: Wallet): Promise<UiReply> {
  try {
    const { method, params } = parseWith(uiRequestSchema, raw, 'protocol.invalid_message')
    if (!isUiMethod(method)) throw new WalletError('protocol.invalid_message')
    return { ok: true, result: await serve(method, params, wallet) }
  } catch (error) {
    return { ok: false, error: toWire(error, createId(wallet.random)) }
  }
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- M ties schema, handler and parameters together
async function serve<M extends UiMethod>(
  method: M,
  params: unknown,
  wallet: Wallet,
): Promise<unknown> {
  const schema: (typeof UI_METHODS)[M]['params'] = UI_METHODS[method].params
  const handler: UiHandler<M> = HANDLERS[method]
  const parsed = schema.safeParse(params)
  if (!parsed.success) throw new WalletError('protocol.invalid_message')
  const result = await handler(parsed.data as UiParams<M>, wallet)
  // C115: whoever changed something finds it in force; a rule that should be gone is gone by then.
  if (CHANGES_RULES.test(method)) await wallet.inject.reconcile()
  return result
}

function isUiMethod(method: string): method is UiMethod {
  return Object.hasOwn(UI_METHODS, method)
}
