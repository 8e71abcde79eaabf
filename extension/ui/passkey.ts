/**
 * Passkeys of the extension's own origin, with the PRF extension (WebAuthn level 3 §10.1.4): the touch
 * yields two secrets that only this credential yields, and nothing about them is kept here.
 */
import {
  fromBase64url,
  toBase64url,
  type PasskeySummary,
  type PasskeyTouch,
} from '@valetkey/wallet/protocol'

type PrfInputs = PasskeySummary['prfInputs']

/** ES256 and RS256, of which every authenticator has one. */
const ALGORITHMS = [-7, -257]
const CHALLENGE_BYTES = 32
const USER_ID_BYTES = 16

/** `refused`: the person declined or time ran out. `unsupported`: the authenticator has no PRF. */
export type PasskeyFailure = 'refused' | 'unsupported'

/**
 * Makes a passkey and evaluates it. The person touches twice where an authenticator cannot evaluate while
 * it creates.
 * @param name what the person reads in their list of passkeys
 */
export async function createPasskey(
  inputs: PrfInputs,
  name: string,
): Promise<PasskeyTouch | PasskeyFailure> {
  const credential = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: draw(CHALLENGE_BYTES),
        rp: { name: 'ValetKey' },
        user: { id: draw(USER_ID_BYTES), name, displayName: name },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        attestation: 'none',
        extensions: { prf: { eval: bytesOf(inputs) } },
      },
    }),
  )
  if (credential === null) return 'refused'
  const { prf } = credential.getClientExtensionResults()
  if (prf?.enabled !== true) return 'unsupported'
  if (prf.results?.second !== undefined) return touchOf(credential)
  const credentialId = toBase64url(new Uint8Array(credential.rawId))
  return touchPasskey([{ credentialId, prfInputs: inputs }])
}

/** Evaluates one of these passkeys, whichever the person takes. */
export async function touchPasskey(
  passkeys: readonly PasskeySummary[],
): Promise<PasskeyTouch | PasskeyFailure> {
  const evalByCredential = Object.fromEntries(
    passkeys.map(({ credentialId, prfInputs }) => [credentialId, bytesOf(prfInputs)]),
  )
  const credential = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: draw(CHALLENGE_BYTES),
        allowCredentials: passkeys.map(({ credentialId }) => ({
          type: 'public-key',
          id: fromBase64url(credentialId),
        })),
        userVerification: 'required',
        extensions: { prf: { evalByCredential } },
      },
    }),
  )
  return credential === null ? 'refused' : touchOf(credential)
}

/** One after the other, as the browser asks for one at a time. One that is refused is left out. */
export async function touchEach(passkeys: readonly PasskeySummary[]): Promise<PasskeyTouch[]> {
  const touched: PasskeyTouch[] = []
  for (const passkey of passkeys) {
    const touch = await touchPasskey([passkey])
    if (typeof touch !== 'string') touched.push(touch)
  }
  return touched
}

/** Every reason the browser gives is a person's no or a time-out: it tells pages no more than that. */
async function ask(open: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    const credential = await open()
    return credential instanceof PublicKeyCredential ? credential : null
  } catch {
    return null
  }
}

function touchOf(credential: PublicKeyCredential): PasskeyTouch | PasskeyFailure {
  const results = credential.getClientExtensionResults().prf?.results
  if (results?.second === undefined) return 'unsupported'
  return {
    credentialId: toBase64url(new Uint8Array(credential.rawId)),
    prf: { first: textOf(results.first), second: textOf(results.second) },
  }
}

function bytesOf({ first, second }: PrfInputs) {
  return { first: fromBase64url(first), second: fromBase64url(second) }
}

function textOf(source: BufferSource): string {
  return toBase64url(
    ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source),
  )
}

function draw(sizeBytes: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(sizeBytes))
}
