/** What both tours need to know. */
export interface TourSetup {
  /** The demo app nobody changed: it has a box for a key. */
  readonly origin: string
  /** The app of the SDK's template: it asks by itself. */
  readonly connecting: { readonly origin: string; readonly url: string }
  /** The sync server on this machine: `http://127.0.0.1:…` */
  readonly server: string
  /** A key the stand-in OpenAI accepts. */
  readonly key: string
}
