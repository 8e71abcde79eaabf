/** The only file that names webextension-polyfill. */
export {
  default as browser,
  type Alarms,
  type Permissions,
  type Runtime,
  type Tabs,
  type Windows,
} from 'webextension-polyfill'
