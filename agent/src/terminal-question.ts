/** Calls that need the person's word, asked one after the other at the terminal. */
import { CONSENT_TIMEOUT_MS, createTurns, formatUsd } from '@valetkey/wallet/protocol'
import type { ProxyPorts, Question } from '@valetkey/wallet/proxy'
import type { Terminal } from './adapters/terminal.ts'
import { nameOf } from './calls.ts'

/** Where nobody sits nobody answers. */
export function createTerminalQuestion(terminal: Terminal): ProxyPorts['ask'] {
  const inTurn = createTurns()
  return (question) => {
    if (!terminal.isInteractive) return Promise.resolve('timeout')
    return inTurn(() => ask(terminal, question))
  }
}

async function ask(terminal: Terminal, question: Question): Promise<'allow' | 'deny' | 'timeout'> {
  const { origin, provider, model, boundNanoUsd, signal } = question
  const most = boundNanoUsd === null ? 'an unknown amount' : `at most $${formatUsd(boundNanoUsd)}`
  const over = AbortSignal.any([signal, AbortSignal.timeout(CONSENT_TIMEOUT_MS)])
  terminal.note(`${nameOf(origin)} asks ${provider} for ${model ?? 'no model'}: ${most}.`)
  try {
    const answer = await terminal.ask('Allow this call? (y/N)', over)
    return /^y(es)?$/i.test(answer) ? 'allow' : 'deny'
  } catch {
    return over.aborted ? 'timeout' : 'deny'
  }
}
