/** `npm run server`: reads the settings, serves until it is told to stop. */
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { openServer } from './server.ts'

const STOP_MS = 10_000

const config = readConfig(process.env)
const server = await openServer(config)
const app = await createApp(server)
await app.fastify.listen({ host: config.host, port: config.port })
app.fastify.log.info({ port: config.port, database: server.database.kind }, 'ready')

let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    // Whoever hangs on longer is cut off: what was acknowledged is on the disk.
    setTimeout(() => process.exit(1), STOP_MS).unref()
    void stop()
  })
}

async function stop(): Promise<void> {
  await app.close()
  await server[Symbol.asyncDispose]()
  process.exit(0)
}
