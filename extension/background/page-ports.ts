/** Ports of page bridges: each is one document of one switched-on site. */
import {
  PAGE_PROTOCOL_VERSION,
  PORTS_PER_ORIGIN,
  WalletError,
  pageMessageSchema,
  parseWith,
  type AppStatus,
  type BackgroundMessage,
  type DirectMessage,
  type ErrorCode,
  type PageMessage,
  type SiteStatus,
} from '@valetkey/wallet/protocol'
import type { Caller, SeenValetKey } from '@valetkey/wallet/proxy'
import { AppRequests, type AppSurroundings, type Asking } from './app-requests.ts'
import { CallSlots, type SlotSurroundings } from './call-slots.ts'
import { PageCalls, type CallSurroundings } from './page-calls.ts'
import type { Outlet } from './parcels.ts'
import { PageSockets, type SocketSurroundings } from './page-sockets.ts'

/** The part of a message port that is used here. */
export interface DirectChannel {
  postMessage(message: BackgroundMessage | DirectMessage, transfer: Transferable[]): void
  close(): void
  onmessage: ((event: MessageEvent<unknown>) => void) | null
}

/** The part of a runtime port that is used here. */
export interface MessagePortLike {
  postMessage(message: unknown): void
  disconnect(): void
  readonly onMessage: { addListener(listener: (message: unknown) => void): void }
  readonly onDisconnect: { addListener(listener: () => void): void }
}

interface PagePortsSurroundings
  extends SlotSurroundings, Omit<CallSurroundings & SocketSurroundings & AppSurroundings, 'slots'> {
  /** Nobody can guess it. */
  readonly createTicket: () => string
  readonly siteStatus: (caller: Caller) => Promise<SiteStatus>
  readonly appStatus: (caller: Caller) => Promise<AppStatus>
  readonly noteSeen: (seen: SeenValetKey, caller: Caller) => Promise<void>
}

/** The way of an app of the SDK, which may ask to be connected. */
export interface AppDoor extends Pick<Asking, 'isShown'> {
  /** By our own frame: its first word names the app, and has to name the one the browser does (C16). */
  readonly isFramed: boolean
}

interface OpenPort {
  readonly port: MessagePortLike
  readonly caller: Caller
  /** The calls of one more way of this page, which count among all of its calls. */
  readonly callsTo: (outlet: Outlet) => PageCalls
  readonly calls: PageCalls
  readonly sockets: PageSockets
  /** Null: the bridge of a switched-on site, whose pages ask for nothing. */
  readonly app: { readonly requests: AppRequests; readonly door: AppDoor } | null
  /** Whether it said who it speaks for, as far as it has to. */
  isNamed: boolean
  readonly post: (message: BackgroundMessage | DirectMessage) => void
  /** What the document's own channel is known by, once it asked for one. */
  ticket: string | null
  direct: DirectPort | null
}

/** A channel of the document past its port, which alone says whose it is and when it ends. */
interface DirectPort {
  readonly channel: DirectChannel
  readonly calls: PageCalls
}

export class PagePorts {
  readonly #surroundings: PagePortsSurroundings
  readonly #open = new Set<OpenPort>()
  #ready: Promise<unknown> = Promise.resolve()

  constructor(surroundings: PagePortsSurroundings) {
    this.#surroundings = surroundings
  }

  /** Nothing more is served before `ready`: what a former worker or a lock leaves behind is settled first. */
  waitFor(ready: Promise<unknown>): void {
    this.#ready = Promise.all([this.#ready, ready])
  }

  /** Serves a port until its page is gone. */
  accept(port: MessagePortLike, caller: Caller, door: AppDoor | null = null): void {
    const ofOrigin = [...this.#open].filter((open) => open.caller.origin === caller.origin)
    // C61: one origin's flood of ports leaves the others unaffected.
    if (ofOrigin.length >= PORTS_PER_ORIGIN) {
      port.disconnect()
      return
    }
    const post = (message: BackgroundMessage | DirectMessage): void => {
      try {
        port.postMessage(message)
      } catch {
        // The page went away between two messages; onDisconnect does the rest.
      }
    }
    const slots = new CallSlots(caller.origin, this.#surroundings)
    const surroundings = { ...this.#surroundings, slots }
    const callsTo = (outlet: Outlet): PageCalls => new PageCalls(caller, surroundings, outlet)
    const open: OpenPort = {
      ...{ port, caller, callsTo, post },
      calls: callsTo({ post, isDetour: true }),
      sockets: new PageSockets(caller, surroundings, post),
      app: door && { door, requests: new AppRequests(caller, surroundings, { post, ...door }) },
      isNamed: door?.isFramed !== true,
      ...{ ticket: null, direct: null },
    }
    this.#open.add(open)
    port.onMessage.addListener((message) => {
      this.#receive(message, open)
    })
    port.onDisconnect.addListener(() => {
      // Without this the worker reads to the end and the person pays (interception §4).
      this.#drop(open)
    })
  }

  /**
   * Takes the channel of the document that was given this ticket. C16: any page may send a channel, so
   * none speaks for anybody unless its ticket does; a ticket is good for one.
   */
  takeDirect(ticket: unknown, channel: DirectChannel): void {
    const open = [...this.#open].find((each) => each.ticket !== null && each.ticket === ticket)
    if (!open) {
      channel.close()
      return
    }
    open.ticket = null
    const post = (message: BackgroundMessage): void => {
      const bytes = message.type === 'call.chunk' ? message.bytes : null
      channel.postMessage(message, bytes instanceof Uint8Array ? [bytes.buffer] : [])
    }
    const calls = open.callsTo({ post, isDetour: false })
    open.direct = { channel, calls }
    channel.onmessage = ({ data }) => {
      this.#receive(data, open, calls)
    }
    channel.postMessage({ type: 'direct.ready' }, [])
  }

  /** Tells every page of an origin how it stands now. */
  async announce(origin: string): Promise<void> {
    for (const open of this.#open) {
      if (open.caller.origin !== origin) continue
      await this.#announceTo(open)
    }
  }

  /** Tells every app of the SDK how it stands: the vault was locked or opened. */
  async announceToApps(): Promise<void> {
    for (const open of this.#open) if (open.app) await this.#announceTo(open)
  }

  async #announceTo(open: OpenPort): Promise<void> {
    open.post({ type: 'changed', status: await this.#statusOf(open) })
  }

  #statusOf({ app, caller }: OpenPort): Promise<AppStatus> {
    const { appStatus, siteStatus } = this.#surroundings
    return app ? appStatus(caller) : siteStatus(caller)
  }

  /** Stops the calls and sockets of one origin, or of all. A socket's page is told why. */
  abortCalls(origin?: string, why: ErrorCode = 'request.aborted'): void {
    for (const open of this.#open) {
      if (origin === undefined || open.caller.origin === origin) abortAll(open, why)
    }
  }

  #drop(open: OpenPort): void {
    this.#open.delete(open)
    open.direct?.channel.close()
    open.app?.requests.abortAll()
    abortAll(open)
  }

  #receive(raw: unknown, open: OpenPort, calls = open.calls): void {
    let message: PageMessage
    try {
      message = parseWith(pageMessageSchema, raw, 'protocol.invalid_message')
      assertSpeaks(message, open)
    } catch {
      // A call no SDK should make is refused; anything else no shim of ours sends ends the port.
      if (calls.refuse(raw)) return
      open.port.disconnect()
      this.#drop(open)
      return
    }
    void this.#serve(message, open, calls).catch((error: unknown) => {
      if (message.type === 'call.start') calls.fail(message, error)
    })
  }

  async #serve(message: PageMessage, open: OpenPort, calls: PageCalls): Promise<void> {
    await this.#ready
    switch (message.type) {
      case 'hello':
      case 'status': {
        const site = await this.#statusOf(open)
        open.post({ type: 'ready', version: PAGE_PROTOCOL_VERSION, site })
        return
      }
      case 'call.start':
        return calls.start(message)
      case 'connect':
      case 'usage':
      case 'disconnect':
      case 'link':
        return open.app?.requests.answer(message)
      case 'seen':
        return this.#surroundings.noteSeen(message, open.caller)
      case 'call.credit':
        calls.credit(message.callId, message.bytes)
        return
      case 'call.abort':
        calls.abort(message.callId)
        return
      case 'direct.want':
        // One at a time, or the calls of the one before would have no end.
        if (open.direct) return
        open.ticket = this.#surroundings.createTicket()
        open.post({ type: 'direct.ticket', ticket: open.ticket })
        return
      case 'socket.open':
        return open.sockets.open(message)
      case 'socket.frame':
        open.sockets.frame(message)
        return
      case 'socket.close':
        open.sockets.close(message)
    }
  }
}

/**
 * C16: only our own frame may name an origin, it has to, first of all, and it has to be the one of the tab
 * it stands in. Only an app asks for a grant.
 */
function assertSpeaks(message: PageMessage, open: OpenPort): void {
  if (message.type === 'hello') {
    const named = open.app?.door.isFramed ? open.caller.origin : undefined
    if (message.appOrigin !== named) throw new WalletError('protocol.invalid_message')
    open.isNamed = true
    return
  }
  const asksForGrant =
    message.type === 'connect' ||
    message.type === 'usage' ||
    message.type === 'disconnect' ||
    message.type === 'link'
  if (!open.isNamed || (asksForGrant && !open.app)) {
    throw new WalletError('protocol.invalid_message')
  }
}

function abortAll({ calls, direct, sockets }: OpenPort, why: ErrorCode = 'request.aborted'): void {
  calls.abortAll()
  direct?.calls.abortAll()
  sockets.abortAll(new WalletError(why))
}
