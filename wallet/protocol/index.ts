export type { AppDetail, AppNotice, AppSummary, TermChoices } from './app-messages.ts'
export {
  CANDIDATE_MS,
  CAPTURE_METHODS,
  NO_KEY_REASONS,
  captureMessageSchema,
  type CaptureMessage,
  type CaptureReply,
  type CaptureRequest,
  type CaptureVia,
  type KeyMask,
  type NoKeyReason,
} from './capture-messages.ts'
export { fromBase64url, toBase64url } from './base64url.ts'
export { canonicalJson, type JsonObject, type JsonValue } from './canonical-json.ts'
export {
  REASON_LIMIT_LENGTH,
  connectRequestSchema,
  type ConnectRequest,
  type ConnectedGrant,
  type GrantUsage,
} from './connect-messages.ts'
export {
  ERROR_TABLE,
  WalletError,
  asWalletError,
  fromWire,
  isErrorCode,
  isWalletError,
  toWire,
  wireErrorSchema,
  type ErrorCode,
  type ErrorDetails,
  type WireError,
} from './errors.ts'
export {
  BUDGET_WINDOWS,
  CAPABILITIES,
  budgetWindowSchema,
  capabilitySchema,
  grantSchema,
  grantValetKeySchema,
  isGrantableOrigin,
  keysOf,
  originSchema,
  termsSchema,
  type BudgetWindow,
  type Capability,
  type Grant,
  type GrantStatus,
  type GrantValetKey,
  type ProviderTerms,
  type Terms,
} from './grant.ts'
export {
  accountIdSchema,
  createId,
  deviceIdSchema,
  grantIdSchema,
  keyIdSchema,
  recordIdSchema,
  requestIdSchema,
  vaultIdSchema,
  type AccountId,
  type Clock,
  type DeviceId,
  type GrantId,
  type KeyId,
  type ProviderKey,
  type Random,
  type RecordId,
  type RequestId,
  type VaultId,
} from './ids.ts'
export { createTurns, type InTurn } from './in-turn.ts'
export { keySummarySchema, type KeySummary } from './key-messages.ts'
export {
  BACKUP_LIMIT_BYTES,
  BODY_LIMIT_BYTES,
  CALLS_PER_ORIGIN,
  CALL_LIMIT_MS,
  CONSENT_ARMING_MS,
  CONSENT_TIMEOUT_MS,
  CREDIT_BYTES,
  EXPIRY_NOTICE_MS,
  GAP_LIMIT_MS,
  PAGE_PROTOCOL_VERSION,
  PASSPHRASE_MIN_LENGTH,
  PORTS_PER_ORIGIN,
  REPLY_LIMIT_BYTES,
  SOCKET_FRAME_LIMIT_BYTES,
  SOCKET_HANDSHAKE_LIMIT_MS,
  SOCKET_QUEUE_LIMIT_BYTES,
} from './limits.ts'
export { formatUsd, parseUsd, usdSchema, type NanoUsd } from './money.ts'
export {
  backgroundMessageSchema,
  callStartSchema,
  helloSchema,
  pageMessageSchema,
  type BackgroundMessage,
  type DirectMessage,
  type CallBody,
  type FormField,
  type CallStart,
  type PageMessage,
  type AppStatus,
  type SiteStatus,
} from './page-messages.ts'
export { mergeContent } from './merge-content.ts'
export { isDeeperThan, isJsonObject, parseJson, parseStrictJsonObject, parseWith } from './parse.ts'
export { maskKey } from './mask-key.ts'
export { providerIdSchema } from './provider-id.ts'
export { PROVIDER_IDS, type ProviderId } from './provider-ids.ts'
export {
  RECORD_FIELDS,
  hlcSchema,
  keyTestSchema,
  recordContentSchema,
  type KeyTest,
  type RecordContent,
  type RecordFields,
  type RecordKind,
} from './records.ts'
export type {
  BackupCredentialsText,
  ChosenKey,
  ImportPreviewReply,
  ImportedKeySummary,
  ImportRefusalReason,
  MergeCounts,
  PreviewKey,
} from './transfer-messages.ts'
export {
  UI_METHODS,
  consentRequestSchema,
  settingsSchema,
  siteStateSchema,
  stateChangedSchema,
  uiReplySchema,
  uiRequestSchema,
  walletStatusSchema,
  type ConsentRequest,
  type Settings,
  type SiteState,
  type UiMethod,
  type UiParams,
  type UiReply,
  type UiResult,
  type WalletStatus,
} from './ui-messages.ts'
export { UNIFIED_ORIGIN } from './unified-origin.ts'
export {
  usageRetentionSchema,
  type NamedUsageRow,
  type UsageBudget,
  type UsageChanges,
  type UsageCursor,
  type UsageFilter,
  type UsageGroup,
  type UsageGrouping,
  type UsageMonth,
  type UsageRange,
  type UsageRetention,
  type UsageSeries,
  type UsageSummary,
  type UsageTotals,
} from './usage-messages.ts'
export {
  callEndingSchema,
  reservationSchema,
  tokenUsageSchema,
  usageRowSchema,
  type CallEnding,
  type CostSource,
  type Reservation,
  type TokenUsage,
  type UsageRow,
} from './usage.ts'
export {
  keyPriceSchema,
  keyPricesSchema,
  ownPriceOf,
  ownPriceSchema,
  type KeyPrice,
  type OwnPrice,
  type UnitPrice,
} from './key-price.ts'
export {
  VALET_KEY_SHAPES,
  createValetKey,
  isValetKey,
  type ValetKeyShape,
  type ValetKeyShapeId,
} from './valet-key.ts'
export {
  USUAL_LOCK,
  lockSettingsSchema,
  needsPasskey,
  vaultPhraseSchema,
  type LockSettings,
  type NamedPasskey,
  type PasskeySummary,
  type PasskeyTouch,
  type RecoveryKit,
} from './vault-messages.ts'
