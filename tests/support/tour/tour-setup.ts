/** What both tours need to know. */
export interface TourSetup {
  /** The demo app nobody changed: it has a box for a key. */
  readonly origin: string
  /** The app of the SDK's template: it asks by itself. */
  readonly connecting: { readonly origin: string; readonly url: string }
  /** A key the stand-in OpenAI accepts. */
  readonly key: string
}
