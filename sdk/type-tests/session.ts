import {
  connect,
  onWallet,
  type AnnouncedWallet,
  type reconnect,
  type walletState,
  type Capability,
  type ConnectedGrant,
  type GrantUsage,
  type Session,
  type SessionStatus,
  type WalletState,
} from 'valetkey'
import { expectType } from './expect-type.js'

expectType<ReturnType<typeof connect>>().is<Promise<Session>>()
expectType<ReturnType<typeof reconnect>>().is<Promise<Session | null>>()
expectType<ReturnType<typeof walletState>>().is<Promise<WalletState>>()

export async function ask(): Promise<Session> {
  await connect()
  await connect({ capabilities: ['chat', 'embedding'], providers: ['openai'], budget: 5 })
  await connect({ models: ['gpt-*'], budget: { usd: '2.50', window: 'day' }, reason: 'To answer.' })
  // @ts-expect-error: capabilities are a closed list.
  await connect({ capabilities: ['chats'] })
  // @ts-expect-error: so are providers.
  await connect({ providers: ['open-ai'] })
  // @ts-expect-error: a budget without a period is an amount.
  await connect({ budget: { usd: '2.50' } })
  // @ts-expect-error: an option that is misspelled would be a limit that is not asked for.
  return connect({ budgets: '5.00' })
}

export function use(session: Session): void {
  expectType<Session['fetch']>().is<typeof globalThis.fetch>()
  expectType<Session['grant']>().is<ConnectedGrant>()
  expectType<Session['status']>().is<SessionStatus>()
  expectType<ReturnType<Session['usage']>>().is<Promise<GrantUsage>>()
  expectType<ConnectedGrant['providers'][number]['capabilities']>().is<Capability[]>()
  expectType<ReturnType<Session['on']>>().is<() => void>()
  // @ts-expect-error: events are a closed list.
  session.on('revoke', () => undefined)
  // @ts-expect-error: what was granted is not for the app to change.
  session.grant = { ...session.grant, budgets: [] }
}

export function listen(): Promise<Session | null>[] {
  const found: Promise<Session | null>[] = []
  onWallet((wallet: AnnouncedWallet) => found.push(wallet.reconnect()))
  return found
}
