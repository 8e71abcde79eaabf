// npm run server: the sync server. npm run server -- admin COMMAND: its operator's commands.
import { ROOT, ensureInstalled, main, toolNode } from './toolchain.mjs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'

await main(async () => {
  await ensureInstalled()
  const [first, ...rest] = process.argv.slice(2)
  const isAdmin = first === 'admin'
  const file = join(ROOT, 'server/src', isAdmin ? 'admin.ts' : 'main.ts')
  const child = spawn(toolNode(), ['--disable-warning=ExperimentalWarning', file, ...rest], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
})
