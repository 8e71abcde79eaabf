import { connect, type NatsConnection } from 'nats'
import { readNotice, type Bus, type CallBus } from './port.ts'

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
    calls: createNatsCalls(connection),
    async close() {
      await connection.drain()
    },
  }
}

function createNatsCalls(connection: NatsConnection): CallBus {
  const walletsOf = (account: string): string => `valetkey.wallets.${account}`
  const endOf = (end: string): string => `valetkey.call.${end}`
  return {
    async ask(account, text, timeoutMs) {
      // Nobody there is told at once; a process that died meanwhile answers nothing.
      const reply = await connection
        .request(walletsOf(account), text, { timeout: timeoutMs })
        .catch(() => null)
      return reply?.string() ?? null
    },
    serve(account, answer) {
      // A queue group: each call is asked of one process.
      const subscription = connection.subscribe(walletsOf(account), {
        queue: 'wallets',
        callback(error, message) {
          if (error) return
          void answer(message.string()).then((text) => message.respond(text))
        },
      })
      return () => {
        subscription.unsubscribe()
      }
    },
    send(end, bytes) {
      connection.publish(endOf(end), bytes)
    },
    hear(end, hear) {
      const subscription = connection.subscribe(endOf(end), {
        callback(error, message) {
          if (!error) hear(message.data)
        },
      })
      return () => {
        subscription.unsubscribe()
      }
    },
  }
}
