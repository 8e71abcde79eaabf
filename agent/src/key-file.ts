/**
 * A key file opens one vault without its passphrase. It stands in for the authenticator of a passkey: the
 * vault holds a wrap of its own for it (`formats.md` §2), which is revoked without touching the passphrase,
 * and which opens nothing without the Secret Key in the wallet's file.
 */
import {
  WalletError,
  fromBase64url,
  parseJson,
  parseWith,
  toBase64url,
  type Random,
} from '@valetkey/wallet/protocol'
import {
  addPasskey,
  createPasskeyQuestion,
  dropPasskeyLabels,
  readPasskeyLabels,
  readUnlockMethods,
  removePasskey,
  writePasskeyLabel,
  type OpenVault,
  type PasskeyAnswer,
  type VaultPorts,
} from '@valetkey/wallet/vault'
import * as z from 'zod/mini'
import { AgentError } from './agent-error.ts'
import { readPrivateFile, writeNewPrivateFile } from './adapters/private-file.ts'

const SECRET_BYTES = 32
const LIMIT_BYTES = 4096

const half = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))
const keyFileSchema = z.strictObject({
  valetkey: z.literal('key-file'),
  schema: z.literal(1),
  /** Names the file, so that it can be revoked; not secret. */
  id: half,
  first: half,
  second: half,
})

/**
 * @throws AgentError for a file that others may read, or that is no key file
 */
export function readKeyFile(path: string): PasskeyAnswer {
  const bytes = readPrivateFile(path, LIMIT_BYTES)
  const text = new TextDecoder().decode(bytes)
  bytes.fill(0)
  const { id, first, second } = parsed(text, path)
  return { credentialId: id, prf: { first: fromBase64url(first), second: fromBase64url(second) } }
}

function parsed(text: string, path: string): z.infer<typeof keyFileSchema> {
  try {
    return parseWith(keyFileSchema, parseJson(text), 'vault.corrupt')
  } catch {
    // What stands in it is never quoted.
    throw new AgentError(`${path} is no key file.`)
  }
}

export function forgetKeyFile({ prf }: PasskeyAnswer): void {
  prf.first.fill(0)
  prf.second.fill(0)
}

/**
 * Makes a key file and its wrap. Whoever asks for it proves first that the passphrase is known.
 * @returns the id that revokes it
 */
export async function makeKeyFile(
  ports: VaultPorts,
  vault: OpenVault,
  path: string,
): Promise<string> {
  const { random } = ports
  const id = toBase64url(random(SECRET_BYTES))
  const prf = { first: draw(random), second: draw(random) }
  const text = JSON.stringify({
    ...{ valetkey: 'key-file', schema: 1, id },
    ...{ first: toBase64url(prf.first), second: toBase64url(prf.second) },
  })
  // The file first: a wrap whose file could not be written would be a way in that nobody holds.
  writeNewPrivateFile(path, new TextEncoder().encode(`${text}\n`))
  const { prfSalt } = createPasskeyQuestion(random)
  await addPasskey(ports, vault, { credentialId: id, prf, prfSalt })
  forgetKeyFile({ credentialId: id, prf })
  const createdAt = ports.clock()
  await writePasskeyLabel(vault, id, { name: 'Key file', createdAt })
  return id
}

export interface KeyFileFacts {
  readonly id: string
  /** Unix ms; null: not known. */
  readonly createdAt: number | null
}

export async function listKeyFiles(ports: VaultPorts, vault: OpenVault): Promise<KeyFileFacts[]> {
  const { passkeys } = await readUnlockMethods(ports.store)
  const labels = await readPasskeyLabels(vault)
  return passkeys.map(({ credentialId: id }) => ({
    id,
    createdAt: labels.get(id)?.createdAt ?? null,
  }))
}

/**
 * From now on the key file opens nothing.
 * @param start the id, or enough of its beginning to name one
 * @throws `request.not_found` where it names none, or more than one
 */
export async function revokeKeyFile(
  ports: VaultPorts,
  vault: OpenVault,
  start: string,
): Promise<void> {
  const files = await listKeyFiles(ports, vault)
  const fitting = files.filter(({ id }) => start !== '' && id.startsWith(start))
  const [found] = fitting
  if (!found || fitting.length > 1) throw new WalletError('request.not_found')
  await removePasskey(ports, vault, found.id)
  const left = files.filter(({ id }) => id !== found.id)
  await dropPasskeyLabels(vault, new Set(left.map(({ id }) => id)))
}

function draw(random: Random): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(random(SECRET_BYTES))
}
