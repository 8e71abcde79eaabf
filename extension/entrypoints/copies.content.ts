import { defineContentScript } from 'wxt/utils/define-content-script'
import { reportCopies } from '../capture/report-copies.ts'

/** The one page among those known from the start that tells whole keys to its copy button alone. */
const DASHBOARDS = ['https://aistudio.google.com/*']

export default defineContentScript({
  matches: DASHBOARDS,
  includeGlobs: DASHBOARDS,
  allFrames: false,
  runAt: 'document_start',
  world: 'MAIN',
  main: reportCopies,
})
