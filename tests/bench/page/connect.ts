/** The page of an app that asks to be connected; the person is waited for. */
import type * as Sdk from 'valetkey'

const SDK = new URL('/valetkey/index.js', location.href).href
const { connect } = (await import(SDK)) as typeof Sdk
Object.assign(window, {
  outcome: connect({ reason: 'To be measured.' }).then(() => 'connected', String),
})
