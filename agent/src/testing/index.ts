export { createScriptedTerminal, type ScriptedTerminal } from './scripted-terminal.ts'
export { createTemporaryFolder } from './temporary-folder.ts'
export { startTestAgent, type TestAgent, type TestAgentOptions } from './test-agent.ts'
export { createTestShell, type Serving, type ShellReply, type TestShell } from './test-shell.ts'
