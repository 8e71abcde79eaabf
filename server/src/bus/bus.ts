/** What processes tell each other: hints, and the frames of relayed calls. */
import { EventEmitter } from 'node:events'
import { openNatsBus } from './nats.ts'
import type { Bus, CallBus } from './port.ts'

/** In memory for one process, NATS for several. */
export async function openBus(nats: string | undefined): Promise<Bus> {
  return nats === undefined ? createMemoryBus() : openNatsBus(nats)
}

function createMemoryBus(): Bus {
  const emitter = new EventEmitter()
  emitter.setMaxListeners(0)
  return {
    publish: (accountId, notice) => {
      emitter.emit(accountId, notice)
    },
    subscribe(accountId, hear) {
      emitter.on(accountId, hear)
      return () => {
        emitter.off(accountId, hear)
      }
    },
    calls: createMemoryCalls(),
    close() {
      emitter.removeAllListeners()
      return Promise.resolve()
    },
  }
}

function createMemoryCalls(): CallBus {
  const serving = new Map<string, (text: string) => Promise<string>>()
  const hearing = new Map<string, (bytes: Uint8Array) => void>()
  return {
    ask: async (account, text) => (await serving.get(account)?.(text)) ?? null,
    serve(account, answer) {
      serving.set(account, answer)
      return () => {
        serving.delete(account)
      }
    },
    send(end, bytes) {
      hearing.get(end)?.(bytes)
    },
    hear(end, hear) {
      hearing.set(end, hear)
      return () => {
        hearing.delete(end)
      }
    },
  }
}
