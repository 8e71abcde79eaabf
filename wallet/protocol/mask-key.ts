/** Enough of a key to know it again: its public beginning and its last four characters. */
export function maskKey(secret: string): string {
  if (secret.length < 24) return '…'
  const start = secret.slice(0, Math.min(7, Math.floor(secret.length / 5)))
  return `${start}…${secret.slice(-4)}`
}
