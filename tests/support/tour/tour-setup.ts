/** What both tours need to know. */
export interface TourSetup {
  /** The demo app. */
  readonly origin: string
  /** A key the stand-in OpenAI accepts. */
  readonly key: string
}
