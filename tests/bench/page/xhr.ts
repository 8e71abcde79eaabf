/** Runs in a page: a call by XMLHttpRequest, as an app makes it that streams without `fetch`. */
import type { PreparedCall } from './prepared-call.ts'

/** @returns milliseconds until the whole reply was read */
export function timeXhr({ url, init }: PreparedCall): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const xhr = new XMLHttpRequest()
    let read = 0
    xhr.open('POST', url)
    for (const [name, value] of Object.entries(init.headers ?? {})) {
      xhr.setRequestHeader(name, String(value))
    }
    xhr.onprogress = () => {
      read += xhr.responseText.slice(read).length
    }
    xhr.onerror = () => {
      reject(new Error('the call failed'))
    }
    xhr.onload = () => {
      read += xhr.responseText.slice(read).length
      if (xhr.status === 200 && read > 0) resolve(performance.now() - start)
      else reject(new Error(`${xhr.status} ${xhr.responseText.slice(0, 200)}`))
    }
    xhr.send(init.body as string)
  })
}
