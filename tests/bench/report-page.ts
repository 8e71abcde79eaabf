/** The page `docs/benchmarks.md`: the last figures, where they were taken, and how to repeat them. */
import { cpus, release, totalmem, type } from 'node:os'
import type { BenchRow } from './row.ts'

const GIBIBYTE = 1024 ** 3

/** The machine in words: figures of two machines do not compare. */
function machineClass(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = Math.round(totalmem() / GIBIBYTE)
  return `${cpus().length} × ${model}, ${memory} GiB, ${type()} ${release()}, Node ${process.versions.node}`
}

/** @param taken when, and in which browser, the rows were measured */
export function reportPage(
  rows: readonly BenchRow[],
  taken: { readonly day: string; readonly browser: string },
): string {
  return `${INTRODUCTION}
## Last figures

Taken on ${taken.day}: ${machineClass()}, ${taken.browser}. *Load* is the load average of the minute
before: a load above the number of processors means that other work ran beside the bench.

| Figure | Ours | Reference | Unit | Ratio | Goal | Reached | Load | Beside |
| --- | ---: | ---: | --- | ---: | --- | --- | ---: | --- |
${rows.map(lineOf).join('\n')}

Spread of the measured times (least, lower quartile, median, upper quartile, most):

| Figure | Ours | Reference | Pairs |
| --- | --- | --- | ---: |
${rows.flatMap(spreadLineOf).join('\n')}
`
}

const INTRODUCTION = `# Benchmarks

What ValetKey costs, measured beside the browser alone: \`npm run bench\` starts one real Chromium with
the built extension and measures both sides in the same run, in turns, so that whatever else the machine
does falls on both.

## How it is measured

- **Ours** is a call by plain \`fetch\` from a page ValetKey is on for, with its valet key.
- **The reference** is the same call from a frame of an origin ValetKey is off for, with the real key:
  the browser's own \`fetch\`, in the same process and on the same main thread. Nothing differs but
  ValetKey. The preflights a direct call needs are answered once and then cached, as for a page that calls
  often; calls of the extension need none.
- The provider is a bare TLS server on loopback: HTTP/1.1 for one call at a time, HTTP/2 for calls side by
  side. A real provider takes a hundred times as long, so the ratios here are the worst there are.
- The timed tab has no debugger and the browser no other extension, but for \`sdk/…\` the one it names.
- Medians of at least 30 pairs after 5 that are not counted; the order within a pair alternates.
- \`call/upload-10mb\` goes to the transcription endpoint, to a model billed by the token: its context bounds
  the cost, so nobody is asked.
- \`call/token-latency\` is the median time from the provider writing a token to the page reading it, by two
  clocks that were compared before.
- \`call/xhr-stream\` is a stream of 5 MB by \`XMLHttpRequest\`, whose text is read each time it grew.
- \`call/websocket\` is a text frame of 4 kB on a socket that is open, there and back, beside the page's own
  socket with the real key: the median of 20 in a row, 30 times. The person was asked when it opened.
- \`sdk/…\` is the same call by \`session.fetch\` of an app that connected itself, through the hidden frame;
  beside it the page's own \`fetch\`, and (\`…/port-json\`) an extension made for the comparison that carries
  a call as several wallets do: content script, a runtime port for each call, a message of JSON for each piece
  of the answer. It has no vault, no grant, no accounting and looks for no key in the answer: what it takes
  is the way alone. All three in turns, in one page.
- \`sdk/frame-start\` is from the first question of a page until the frame answered, once in each page, beside
  a frame of an extension with nothing in it.
- \`shim/foreign-fetch…\` is one call of \`fetch\` with a key that is none of ours, of 200 made at once,
  beside the same calls in a frame without the shim. Their signal is aborted: nothing is sent, so that the
  network does not hide what is measured.
- \`vault/unlock\` includes the document that hashes, opened for it and closed after it.
- \`ui/popup-open\` is the popup as a tab, loaded again and again by one page, beside an extension with
  nothing in it but React and a line of text.
- \`proxy/scrub-…\` are whole calls in Node with a provider that has the reply at hand: the time of a
  megabyte in a reply of 16 MB beside that in one of 1 MB. What grows is not linear. \`near\` replies repeat
  the key without its last letter; \`one-event\` is an event that does not end.
- \`capture/scan…\` is the search for keys in 10 MB: the text of a page of keys; words that are keys but for
  a letter; one word without an end. Beside it \`indexOf\` of a mark that is not there.
- \`memory/…\` is what the worker reaches after a collection, in a browser of its own, whose worker is
  looked into.
- \`relay/…\` are calls of an app's server through a server in a process of its own to a wallet that answers from
  memory, over real HTTP and a real socket; beside them a bare WebSocket echo of another process. App and wallet
  share a process, and the machine with the server.

## How to repeat it

\`\`\`sh
npm run bench                                # all of it
npm run bench -- call/first-byte vault       # one figure, one room
npm run bench -- --json rows.json            # rows for a script
npm run bench -- --page docs/benchmarks.md   # this page
\`\`\`

Close what else runs: both sides get slower on a busy machine, ours more, because a call crosses more
processes and waits for the disk once before it is sent.
`

function lineOf(row: BenchRow): string {
  const { name, ours, reference, unit, ratio, goal, met, load = '', referenceName, note } = row
  const reached = goal === 'watched' ? '' : met ? 'yes' : '**no**'
  const beside = note === undefined ? referenceName : `${referenceName}; ${note}`
  const cells = [`\`${name}\``, ours, reference, unit, ratio, goal, reached, load, beside]
  return `| ${cells.join(' | ')} |`
}

function spreadLineOf({ name, spread }: BenchRow): string[] {
  if (!spread) return []
  const text = ({ min, p25, median, p75, max }: typeof spread.ours): string =>
    [min, p25, median, p75, max].join(' · ')
  return [
    `| \`${name}\` | ${text(spread.ours)} | ${text(spread.reference)} | ${spread.ours.count} |`,
  ]
}
