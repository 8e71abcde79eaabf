/** A “Connect AI” button as a custom element: every state of the wallet, light and dark, by keyboard. */
import {
  connect,
  isValetKeyError,
  reconnect,
  walletState,
  type ConnectOptions,
  type Session,
  type WalletState,
} from '../index.ts'
import { INSTALL_URL } from '../install-url.ts'
import { STYLE } from './style.ts'
import { wordsFor } from './words.ts'

type State = WalletState | 'asking'

/** What an app sets and reads of the element. */
export interface ConnectButtonElement extends HTMLElement {
  /** What is asked for. Set it before the person presses. */
  options: ConnectOptions
  /** Null while there is none. */
  readonly session: Session | null
}

/** `valetkey-session`: one has begun or ended; its `detail` is the session, or null. */
export type SessionChange = CustomEvent<Session | null>

/**
 * Registers `<valetkey-connect>`. Safe to call twice, and where there is no browser.
 * Attributes: `install-url`, where it leads without the extension; `lang`, as everywhere.
 */
export function defineConnectButton(name = 'valetkey-connect'): void {
  if (typeof customElements === 'undefined' || customElements.get(name)) return
  customElements.define(name, createElementClass())
}

/** Made when it is asked for: on a server there is no `HTMLElement` to extend. */
function createElementClass(): CustomElementConstructor {
  return class extends HTMLElement implements ConnectButtonElement {
    options: ConnectOptions = {}
    session: Session | null = null
    readonly #button = document.createElement('button')
    readonly #trouble = document.createElement('p')
    #state: State = 'not-connected'
    #stops: (() => void)[] = []

    constructor() {
      super()
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(STYLE)
      const root = this.attachShadow({ mode: 'open' })
      // No style element: a strict content security policy would drop it.
      root.adoptedStyleSheets = [sheet]
      this.#button.type = 'button'
      this.#button.onclick = () => void this.#press()
      this.#trouble.setAttribute('role', 'alert')
      root.append(this.#button, this.#trouble)
    }

    connectedCallback(): void {
      this.#show('not-connected')
      void this.#look()
    }

    disconnectedCallback(): void {
      this.#forget()
    }

    /** What stands already, without asking anybody. */
    async #look(): Promise<void> {
      try {
        const session = await reconnect(this.options)
        if (session) this.#take(session)
        else this.#show(await walletState())
      } catch (error) {
        this.#fail(error)
      }
    }

    async #press(): Promise<void> {
      if (this.#state === 'asking' || this.#state === 'connected') return
      if (this.#state === 'not-installed') {
        open(this.getAttribute('install-url') ?? INSTALL_URL, '_blank', 'noopener')
        return
      }
      this.#trouble.textContent = ''
      this.#show('asking')
      try {
        this.#take(await connect(this.options))
      } catch (error) {
        this.#show(
          isValetKeyError(error, 'wallet.not_installed') ? 'not-installed' : 'not-connected',
        )
        this.#fail(error)
      }
    }

    #take(session: Session): void {
      this.#forget()
      this.session = session
      this.#show('connected')
      this.#stops = [
        session.on('revoked', () => {
          this.#forget()
          this.session = null
          this.#show('not-connected')
          this.#tell()
        }),
        session.on('locked', () => {
          this.#show('locked')
        }),
        session.on('paused', () => {
          this.#show('paused')
        }),
        session.on('resumed', () => {
          this.#show('connected')
        }),
      ]
      this.#tell()
    }

    #forget(): void {
      for (const stop of this.#stops.splice(0)) stop()
    }

    #tell(): void {
      const { session: detail } = this
      this.dispatchEvent(new CustomEvent('valetkey-session', { detail, bubbles: true }))
    }

    /** The sentence of the error table; what is no error of ours is the app's to see. */
    #fail(error: unknown): void {
      if (!isValetKeyError(error)) throw error
      this.#trouble.textContent =
        error.code === 'wallet.not_installed' ? '' : `${error.message} ${error.action}`
    }

    #show(state: State): void {
      const words = wordsFor(this.closest<HTMLElement>('[lang]')?.lang ?? navigator.language)
      const texts: Record<State, string> = {
        'not-installed': words.install,
        'not-connected': words.connect,
        locked: words.locked,
        paused: words.paused,
        connected: words.connected,
        asking: words.asking,
      }
      this.#state = state
      this.setAttribute('state', state)
      this.#button.textContent = texts[state]
      this.#button.setAttribute('aria-busy', String(state === 'asking'))
      this.#button.setAttribute(
        'aria-disabled',
        String(state === 'connected' || state === 'paused'),
      )
    }
  }
}
