/** Gives the person a file in the browser's downloads. */
export function saveAsFile(name: string, content: string | Uint8Array<ArrayBuffer> | Blob): void {
  const type = typeof content === 'string' ? 'text/plain' : 'application/octet-stream'
  const file = content instanceof Blob ? content : new Blob([content], { type })
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
