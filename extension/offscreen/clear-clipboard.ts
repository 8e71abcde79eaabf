/**
 * Overwrites the clipboard with nothing. `navigator.clipboard` wants the focus, which an offscreen
 * document never has; the old command needs the `clipboardWrite` permission alone (F21).
 * @throws TypeError when the browser did not let us
 */
export function clearClipboard(): void {
  const write = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', '')
    event.preventDefault()
  }
  document.addEventListener('copy', write)
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without the focus
    if (!document.execCommand('copy')) throw new TypeError('the clipboard was not written')
  } finally {
    document.removeEventListener('copy', write)
  }
}
