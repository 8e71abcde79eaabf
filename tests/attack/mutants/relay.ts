import type { Mutant } from './mutant.ts'

const WALLET = 'wallet/relay/relay.test.ts'
const VECTORS = 'wallet/crypto/relay-sealing.vectors.test.ts'
const unit = (file: string, title: string) => ({ project: 'unit' as const, file, title })

/** What the wallet and the app check of each other with a relay between them that may lie. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C105',
    removes: 'a request’s id is claimed once',
    file: 'wallet/relay/call.ts',
    find: 'once.claim(`request ${grant} ${requestId}`)',
    replace: '',
    test: unit(WALLET, 'C105: makes no call twice'),
  },
  {
    attack: 'C105',
    removes: 'a sealed call is of now, and not from before this wallet began',
    file: 'wallet/relay/sealed-way.ts',
    find: 'if (Math.abs(ports.clock() - t) > SKEW_MS || t < once.since) {',
    replace: 'if (Math.abs(ports.clock() - t) > SKEW_MS) {',
    test: unit(WALLET, 'C105: is refused twice, late, early'),
  },
  {
    attack: 'C105',
    removes: 'a reply ends with its final chunk',
    file: 'wallet/crypto/relay-sealing.ts',
    find: "if (state !== 'final') throw fault()",
    replace: '',
    test: unit(VECTORS, 'C105: refuses a reply'),
  },
  {
    attack: 'C105',
    removes: 'the app’s signature over the sealed call',
    file: 'wallet/crypto/relay-sealing.ts',
    find: 'if (!verifySignature(appKey, message, plain.subarray(0, SIGNATURE_BYTES))) throw badRequest()',
    replace: '',
    test: unit(VECTORS, 'C105: refuses a request'),
  },
  {
    attack: 'C106',
    removes: 'calls the server can read need the person’s word',
    file: 'wallet/relay/call.ts',
    find: "if (connection.sealed !== 'plain') throw new WalletError('relay.sealed_required')",
    replace: '',
    test: unit(WALLET, 'C106: serves no unknown grant'),
  },
  {
    attack: 'C106',
    removes: 'the limit of calls at once',
    file: 'wallet/relay/session.ts',
    find: 'if (this.#calls.size >= RELAY_STREAMS_PER_WALLET) {',
    replace: 'if (this.#calls.size < 0) {',
    test: unit(WALLET, 'C106: takes so many calls at once'),
  },
  {
    attack: 'C106',
    removes: 'nobody is asked about a relayed call',
    file: 'wallet/proxy/run-relayed-call.ts',
    find: "ask: () => Promise.reject(new WalletError('grant.consent_required')),",
    replace: '',
    test: unit('wallet/proxy/run-relayed-call.test.ts', 'C106: asks nobody'),
  },
  {
    attack: 'C105',
    removes: 'who took a call too late gets no body',
    file: 'server/src/relay/wallets.ts',
    find: 'if (refusal) this.#drop(stream)',
    replace: '',
    test: {
      ...{ project: 'integration', file: 'server/src/relay/relay.test.ts' },
      title: 'C105: sends the body to one wallet',
    },
  },
  {
    attack: 'C106',
    removes: 'a wallet sends no more than it may',
    file: 'server/src/relay/app-call.ts',
    find: 'if (mayCome < 0) lost()',
    replace: 'if (mayCome < -Infinity) lost()',
    test: {
      ...{ project: 'integration', file: 'server/src/relay/relay.test.ts' },
      title: 'C106: ends the call of a wallet that sends more',
    },
  },
]
