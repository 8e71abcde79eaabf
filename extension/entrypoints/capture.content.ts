import { defineContentScript } from 'wxt/utils/define-content-script'
import { startCapture } from '../capture/start.ts'

/** Globs compare the address as text: no other port, and no dot at the end of the host (C56). */
const DASHBOARDS = [
  'https://platform.openai.com/*',
  'https://platform.claude.com/*',
  'https://console.anthropic.com/*',
  'https://aistudio.google.com/*',
  'https://console.groq.com/*',
]

export default defineContentScript({
  matches: DASHBOARDS,
  includeGlobs: DASHBOARDS,
  allFrames: false,
  runAt: 'document_idle',
  main: startCapture,
})
