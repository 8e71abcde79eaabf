import type { Mutant } from './mutant.ts'

const WALLET = 'wallet/relay/relay.test.ts'
const CLIENT = 'sdk/src/server/client.test.ts'
const CLIENT_FETCH = 'sdk/src/server/server-fetch.test.ts'
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
    find: 'if (!(await verifyByPlatform(appKey, message, signature))) throw badRequest()',
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
  {
    attack: 'C105',
    removes: 'a call that may have been made is not tried again',
    file: 'sdk/src/server/send.ts',
    find: 'outcome.isBegun || tried >=',
    replace: 'tried >=',
    test: unit(CLIENT, 'C105: follows no call that may have been made'),
  },
  {
    attack: 'C105',
    removes: 'what may have been made has a status that no library tries again',
    file: 'sdk/src/server/server-fetch.ts',
    find: 'mayRetry || !isTriedAgain(status) ? status : NOT_TRIED_AGAIN',
    replace: 'status',
    test: unit(CLIENT_FETCH, 'C105: of what may have been made'),
  },
  {
    attack: 'C105',
    removes: 'a library’s retry of a call it gave up has that call’s key',
    file: 'sdk/src/server/server-fetch.ts',
    find: 'given ?? known ?? crypto.randomUUID()',
    replace: 'given ?? crypto.randomUUID()',
    test: unit(CLIENT_FETCH, 'C105: of a call it gave up waiting for'),
  },
  {
    attack: 'C106',
    removes: 'a call is sealed to no key that the wallet did not sign',
    file: 'sdk/src/server/seal-call.ts',
    find: 'if (!verifySignature(fromBase64url(walletKey), message, fromBase64url(sig)))',
    replace: 'if (!verifySignature(fromBase64url(walletKey), message, fromBase64url(sig)) && !pk)',
    test: {
      project: 'integration',
      file: 'tests/integration/server-client.test.ts',
      title: 'C106: seals to no key',
    },
  },
  {
    attack: 'C105',
    removes: 'a worker knows the calls of the one before',
    file: 'wallet/relay/once.ts',
    find: 'for (const { name, until, hash } of claims) known.set(name, { until, hash, reply: null })',
    replace: 'void claims',
    test: {
      ...{ project: 'unit', file: 'wallet/relay/relay.test.ts' },
      title: 'C105: makes no second call, whatever is known of the first',
    },
  },
  {
    attack: 'C105',
    removes: 'a call is written down before it is made',
    file: 'wallet/relay/once.ts',
    find: 'await memory.put(',
    replace: 'void memory.put(',
    test: {
      ...{ project: 'unit', file: 'wallet/relay/relay.test.ts' },
      title: 'C105: is written down before its call is made',
    },
  },
]
