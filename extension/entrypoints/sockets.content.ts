import { defineContentScript } from 'wxt/utils/define-content-script'
import { startSockets } from '../shim/start-sockets.ts'

export default defineContentScript({
  registration: 'runtime',
  world: 'MAIN',
  main: startSockets,
})
