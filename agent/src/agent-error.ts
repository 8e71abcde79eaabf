/** Something the person at the terminal is told as it stands, in one line and without a trace. */
export class AgentError extends Error {
  override readonly name = 'AgentError'
}
