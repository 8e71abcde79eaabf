/**
 * What two devices write to each other through a server that may lie (protocols §4b). Values are
 * base64url of canonical JSON, but for the commitment, which is 32 bytes.
 *
 *   new: commit = H(L("pairing-commit", newPk, newNonce))
 *   old: offer  = {pk, nonce}
 *   new: reveal = {id, ed25519, pk, salt}           newNonce = H(L("pairing-device", id, ed25519, salt))
 *   old: grant  = {vaultId, enc, sealed, sig}
 *
 * The nonce of the new device is a hash of what it will be on the device list: so the six words, which
 * are of the transcript, are of its signing key too.
 */
import { wordlist } from '@scure/bip39/wordlists/english.js'
import * as z from 'zod/mini'
import {
  WalletError,
  accountIdSchema,
  fromBase64url,
  parseJson,
  parseWith,
  signedHeadSchema,
  toBase64url,
  vaultIdSchema,
  deviceIdSchema,
  type DeviceId,
  type JsonObject,
  type VaultId,
} from '../protocol/index.ts'
import { canonicalBytes, label, type Bytes } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { pairingCommit, pairingTranscriptHash } from './signed.ts'

const bytes16 = z.string().check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/))
const bytes32 = z.string().check(z.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/))
const bytes64 = z.string().check(z.regex(/^[A-Za-z0-9_-]{85}[AQgw]$/))

const offerSchema = z.strictObject({ pk: bytes32, nonce: bytes32 })
const revealSchema = z.strictObject({
  ...{ id: deviceIdSchema, ed25519: bytes32, pk: bytes32, salt: bytes32 },
})
const grantSchema = z.strictObject({
  ...{ vaultId: vaultIdSchema, enc: bytes32, sealed: z.string(), sig: bytes64 },
})
/** What the old device hands over (formats §11). */
const transferSchema = z.strictObject({
  epoch: z.int().check(z.positive()),
  vrk: bytes32,
  sk: bytes16,
  accountId: accountIdSchema,
  server: z.string(),
  head: signedHeadSchema,
})

export type PairingOffer = z.infer<typeof offerSchema>
export type PairingReveal = z.infer<typeof revealSchema>
type PairingGrant = z.infer<typeof grantSchema>
export type PairingTransfer = z.infer<typeof transferSchema>

export const readOffer = (text: string): PairingOffer => read(offerSchema, text)
export const readReveal = (text: string): PairingReveal => read(revealSchema, text)
export const readGrant = (text: string): PairingGrant => read(grantSchema, text)

/** @throws `vault.corrupt` */
export function parseTransfer(content: JsonObject): PairingTransfer {
  return parseWith(transferSchema, content, 'vault.corrupt')
}

export function writePairingValue(value: JsonObject): string {
  return toBase64url(canonicalBytes(value))
}

/** The commitment to a reveal. */
export function commitTo(reveal: PairingReveal): Bytes {
  return pairingCommit(fromBase64url(reveal.pk), nonceOf(reveal))
}

/** Both sides know it once the new one has revealed itself. */
export function transcriptOf(pairing: {
  readonly pairingId: string
  readonly offer: PairingOffer
  readonly reveal: PairingReveal
}): Bytes {
  const { pairingId, offer, reveal } = pairing
  return pairingTranscriptHash({
    ...{ pairingId, commit: commitTo(reveal) },
    ...{ oldPk: fromBase64url(offer.pk), oldNonce: fromBase64url(offer.nonce) },
    ...{ newPk: fromBase64url(reveal.pk), newNonce: nonceOf(reveal) },
  })
}

export function transferInfo(vaultId: VaultId, deviceId: DeviceId, transcript: Uint8Array): Bytes {
  return label('transfer', fromBase64url(vaultId), fromBase64url(deviceId), transcript)
}

const WORD_COUNT = 6
const WORD_BITS = 11

/** The first 66 bits of a transcript hash, as six words of a public list of 2,048. */
export function pairingWords(transcript: Uint8Array): readonly string[] {
  const bits = Array.from(transcript, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from({ length: WORD_COUNT }, (_, at) => {
    const index = Number.parseInt(bits.slice(at * WORD_BITS, (at + 1) * WORD_BITS), 2)
    return wordlist[index] ?? ''
  })
}

/** The code as a person types it: case, spaces and dashes forgiven, and what looks alike. */
export function readPairingCode(typed: string): string {
  const code = typed.replace(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1')
  if (!/^[0-9A-HJKMNP-TV-Z]{8}$/.test(code)) {
    throw new WalletError('request.invalid', { reason: 'code' })
  }
  return code
}

/** Somebody between the two devices changed what they wrote. */
export function pairingRefused(): WalletError {
  return new WalletError('sync.rollback', { reason: 'pairing' })
}

function nonceOf({ id, ed25519, salt }: PairingReveal): Bytes {
  const parts = [fromBase64url(id), fromBase64url(ed25519), fromBase64url(salt)]
  return sha256(label('pairing-device', ...parts))
}

function read<T>(schema: z.ZodMiniType<T>, text: string): T {
  const json = parseJson(new TextDecoder().decode(fromBase64url(text)))
  return parseWith(schema, json, 'protocol.invalid_message')
}
