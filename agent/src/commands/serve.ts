import { startAgent } from '../agent.ts'
import { AgentError } from '../agent-error.ts'
import { readLocks } from '../lock-signal.ts'
import { createTerminalQuestion } from '../terminal-question.ts'
import { openForCommand, textOption, type Command } from './command.ts'

const USUAL_PORT = 8421

export const serve: Command = {
  usage: 'serve',
  does: 'opens the wallet and serves its clients on 127.0.0.1 until it is stopped (--port)',
  options: { port: { type: 'string' } },
  async run(call) {
    const { home, terminal, options, forward, stop } = call
    const port = portOf(textOption(options, 'port'))
    const locks = await readLocks(home.file)
    const vault = await openForCommand(call)
    const agent = await startAgent({
      ...{ home, vault, locks, port, forward },
      ask: createTerminalQuestion(terminal),
      note: (line) => {
        terminal.note(line)
      },
    })
    terminal.say(`OPENAI_BASE_URL=http://127.0.0.1:${agent.port}/v1`)
    terminal.say(`ANTHROPIC_BASE_URL=http://127.0.0.1:${agent.port}`)
    terminal.note('Serving. Stop with Ctrl-C, or lock with: valetkey agent lock')
    const stopped = new Promise<void>((resolve) => {
      stop.addEventListener('abort', () => {
        resolve()
      })
      if (stop.aborted) resolve()
    })
    await Promise.race([stopped, agent.locked])
    await agent.stop()
    terminal.note('Locked.')
  },
}

function portOf(text: string | undefined): number {
  if (text === undefined) return USUAL_PORT
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new AgentError('A port is 0 to 65535.')
  return port
}
