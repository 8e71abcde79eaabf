export { createScriptedTerminal, type ScriptedTerminal } from './scripted-terminal.ts'
export { createTemporaryFolder } from './temporary-folder.ts'
