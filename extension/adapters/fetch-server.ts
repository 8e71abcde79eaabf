import type { ServerFetch } from '@valetkey/wallet/sync'

/** The way to the sync server: what is asked there is decided in `wallet/sync`. */
export const fetchServer: ServerFetch = (url, init) => fetch(url, init)
