import type {
  AppStatus,
  BudgetWindow as WalletBudgetWindow,
  Capability as WalletCapability,
  ConnectedGrant as WalletGrant,
  GrantUsage as WalletUsage,
  ProviderId as WalletProviderId,
} from '@valetkey/wallet/protocol'
import { describe, expectTypeOf, it } from 'vitest'
import type {
  BudgetWindow,
  Capability,
  ConnectedGrant,
  GrantUsage,
  ProviderId,
  SessionStatus,
} from './grant.ts'

describe('the types an app sees', () => {
  it('are those of the wallet', () => {
    expectTypeOf<ProviderId>().toEqualTypeOf<WalletProviderId>()
    expectTypeOf<Capability>().toEqualTypeOf<WalletCapability>()
    expectTypeOf<BudgetWindow>().toEqualTypeOf<WalletBudgetWindow>()
    expectTypeOf<GrantUsage['total']>().toEqualTypeOf<WalletUsage['total']>()
    expectTypeOf<GrantUsage>().toExtend<WalletUsage>()
    expectTypeOf<WalletUsage>().toExtend<GrantUsage>()
    expectTypeOf<SessionStatus>().toEqualTypeOf<AppStatus>()
    // Its id is no brand here: an app has no other ids to mix it up with.
    expectTypeOf<Omit<ConnectedGrant, 'id'>>().toEqualTypeOf<Omit<WalletGrant, 'id'>>()
  })
})
