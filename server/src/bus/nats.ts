import { connect } from 'nats'
import { readNotice, type Bus } from './port.ts'

/** Base64url holds no dot and no wildcard, so an account id is one token of a subject. */
const subjectOf = (accountId: string): string => `valetkey.account.${accountId}`

/** NATS core: no storage, at most once. */
export async function openNatsBus(servers: string): Promise<Bus> {
  const connection = await connect({ servers, name: 'valetkey', maxReconnectAttempts: -1 })
  return {
    publish(accountId, notice) {
      connection.publish(subjectOf(accountId), JSON.stringify(notice))
    },
    subscribe(accountId, hear) {
      const subscription = connection.subscribe(subjectOf(accountId), {
        callback(error, message) {
          const notice = error ? null : readNotice(message.string())
          if (notice) hear(notice)
        },
      })
      return () => {
        subscription.unsubscribe()
      }
    },
    async close() {
      await connection.drain()
    },
  }
}
