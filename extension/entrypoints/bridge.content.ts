import { defineContentScript } from 'wxt/utils/define-content-script'
import { startBridge } from '../bridge/start.ts'

export default defineContentScript({
  registration: 'runtime',
  main: startBridge,
})
