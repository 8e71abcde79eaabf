import type { ConnectOptions, Session } from 'valetkey'
import { defineConnectButton, type ConnectButtonElement, type SessionChange } from 'valetkey/button'
import { expectType } from './expect-type.js'

defineConnectButton()
defineConnectButton('my-button')
expectType<ConnectButtonElement['options']>().is<ConnectOptions>()
expectType<ConnectButtonElement['session']>().is<Session | null>()
expectType<SessionChange['detail']>().is<Session | null>()
