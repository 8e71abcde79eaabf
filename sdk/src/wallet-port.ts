/** The way from this page to the wallet: a port, by whichever door there is. */
import { ValetKeyError } from './valet-key-error.ts'
import { openThroughFrame } from './wallet-frame.ts'

/** On a site the person switched on, the extension's own script takes the port: no frame, any browser. */
const OFFER = 'valetkey:app'

/**
 * Opens a port to the wallet.
 * @throws ValetKeyError `request.unsupported` in a frame, a sandbox or without a window;
 * `wallet.not_installed`
 */
export async function openWalletPort(): Promise<MessagePort> {
  // C113: a page in a frame may be dressed up by what stands around it.
  if (typeof window === 'undefined' || window.top !== window || window.origin === 'null') {
    throw new ValetKeyError('request.unsupported', {
      message: 'ValetKey does not serve pages in frames.',
      action: 'Open this page in a tab.',
      details: { reason: 'framed' },
    })
  }
  await untilShown()
  const port = offerPort() ?? (await openThroughFrame())
  if (!port) throw new ValetKeyError('wallet.not_installed')
  return port
}

function offerPort(): MessagePort | null {
  const { port1, port2 } = new MessageChannel()
  const offer = new MessageEvent(OFFER, { ports: [port2], cancelable: true })
  return window.dispatchEvent(offer) ? null : port1
}

/** C13: a page nobody sees yet has no wallet. */
function untilShown(): Promise<void> | undefined {
  const page = document as Document & { readonly prerendering?: boolean }
  if (page.prerendering !== true) return undefined
  return new Promise((resolve) => {
    document.addEventListener(
      'prerenderingchange',
      () => {
        resolve()
      },
      { once: true },
    )
  })
}
