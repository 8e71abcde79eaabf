import { ValetKeyError, isValetKeyError, type ErrorCode } from 'valetkey'
import { expectType } from './expect-type.js'

const error = new ValetKeyError('vault.locked', { requestId: 'req_1' })
expectType<(typeof error)['code']>().is<ErrorCode>()
expectType<(typeof error)['action']>().is<string>()
expectType<(typeof error)['details']>().is<Readonly<Record<string, string | number>> | undefined>()

// @ts-expect-error: codes are a closed list.
new ValetKeyError('vault.lokced')

try {
  throw error
} catch (caught) {
  if (isValetKeyError(caught, 'grant.revoked')) expectType<typeof caught>().is<ValetKeyError>()
  else expectType<typeof caught>().is<unknown>()
}
