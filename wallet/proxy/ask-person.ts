import { WalletError } from '../protocol/index.ts'
import type { Question } from './call.ts'
import type { ProxyPorts } from './ports.ts'
import { stopIfAborted } from './stop-if-aborted.ts'

/**
 * Comes back once the person said yes.
 * @throws `grant.denied`, `grant.consent_timeout`, `request.aborted`
 */
export async function askPerson(question: Question, ports: Pick<ProxyPorts, 'ask'>): Promise<void> {
  const answer = await ports.ask(question)
  stopIfAborted(question.signal)
  if (answer === 'deny') throw new WalletError('grant.denied')
  if (answer === 'timeout') throw new WalletError('grant.consent_timeout')
}
