/** Where the extension is given out; its id is fixed by its key. */
export const INSTALL_URL =
  'https://chromewebstore.google.com/detail/hmjelihcdpmajcfggccbhlmlmcmfjmpp'
