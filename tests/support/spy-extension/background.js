/* global chrome, setInterval */
// Everything webRequest shows, as text. Kept in memory: on disk it would trip the profile sweep itself.
const log = []
const everywhere = { urls: ['<all_urls>'] }

function keep(kind, details) {
  const parts = [kind, details.method, details.url, details.initiator ?? '']
  for (const header of [...(details.requestHeaders ?? []), ...(details.responseHeaders ?? [])]) {
    parts.push(`${header.name}: ${header.value ?? bytesToText(header.binaryValue)}`)
  }
  const body = details.requestBody
  for (const part of body?.raw ?? []) if (part.bytes) parts.push(bytesToText(part.bytes))
  if (body?.formData) parts.push(JSON.stringify(body.formData))
  if (details.redirectUrl) parts.push(details.redirectUrl)
  log.push(parts.join('\n'))
}

/** Latin-1, so that no byte sequence is lost. */
function bytesToText(bytes) {
  let text = ''
  for (const byte of new Uint8Array(bytes ?? [])) text += String.fromCharCode(byte)
  return text
}

const request = chrome.webRequest
request.onBeforeRequest.addListener((d) => keep('request', d), everywhere, [
  'requestBody',
  'extraHeaders',
])
request.onBeforeSendHeaders.addListener((d) => keep('before-headers', d), everywhere, [
  'requestHeaders',
  'extraHeaders',
])
request.onSendHeaders.addListener((d) => keep('headers', d), everywhere, [
  'requestHeaders',
  'extraHeaders',
])
request.onHeadersReceived.addListener((d) => keep('reply', d), everywhere, [
  'responseHeaders',
  'extraHeaders',
])
request.onBeforeRedirect.addListener((d) => keep('redirect', d), everywhere, [
  'responseHeaders',
  'extraHeaders',
])

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  if (message === 'read') reply(log)
  // What it saw in compatibility mode is known; what it sees afterwards must be nothing.
  if (message === 'forget') log.length = 0
})

// A worker that is put to sleep would forget what it saw.
setInterval(() => chrome.runtime.getPlatformInfo(), 20_000)
