/** The only file that names webextension-polyfill. */
export { default as browser, type Runtime } from 'webextension-polyfill'
