/** What an offscreen document is opened for, as Chrome wants it said. */
export interface OffscreenPurpose {
  readonly reason: `${chrome.offscreen.Reason}`
  readonly justification: string
}

/** Holds one document of ours that nobody sees. */
interface DocumentHost {
  open(path: string, purpose: OffscreenPurpose): Promise<void>
  isOpen(): Promise<boolean>
  close(): Promise<void>
}

/** Chrome's workers have offscreen documents; Firefox's background is itself a document and holds a frame. */
export function documentHost(): DocumentHost {
  return 'offscreen' in chrome ? offscreenHost : frameHost
}

const offscreenHost: DocumentHost = {
  open: (url, { reason, justification }) =>
    chrome.offscreen.createDocument({ url, reasons: [reason], justification }),
  isOpen: async () =>
    (await chrome.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] })).length > 0,
  close: () => chrome.offscreen.closeDocument(),
}

let frame: HTMLIFrameElement | null = null

const frameHost: DocumentHost = {
  open(path) {
    frame = document.createElement('iframe')
    frame.src = path
    document.body.append(frame)
    return Promise.resolve()
  },
  isOpen: () => Promise.resolve(frame !== null),
  close() {
    frame?.remove()
    frame = null
    return Promise.resolve()
  },
}
