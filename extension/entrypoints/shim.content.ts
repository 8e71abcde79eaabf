import { defineContentScript } from 'wxt/utils/define-content-script'
import { startShim } from '../shim/start.ts'

export default defineContentScript({
  registration: 'runtime',
  world: 'MAIN',
  main: startShim,
})
