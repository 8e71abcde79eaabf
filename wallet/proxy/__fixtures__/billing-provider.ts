/** A provider that knows what it bills, from the moment a request arrives, whatever it says about it. */
import { WalletError, parseStrictJsonObject, type Reservation } from '../../protocol/index.ts'
import type { OutgoingRequest } from '../forward.ts'

/** Nano-USD a token of gpt-4o-mini: 0.15 $, 0.075 $ and 0.60 $ for a million. */
const INPUT = 150
const CACHED_INPUT = 75
const OUTPUT = 600
/** What the model makes of a request that names no limit. */
const OUTPUT_WITHOUT_LIMIT = 200_000
/** One token of the vocabularies in use is as long as this. */
const LONG_TOKEN = ' '.repeat(128)
const WORDS = 20

/** How a provider reports what it did. */
export const REPORTS = ['honest', 'missing', 'negative', 'text', 'fraction', 'huge', 'empty', 'under'] as const
export type Report = (typeof REPORTS)[number]

/** What a provider will do with one call. */
export interface Plan {
  /** What it says to the first requests of the call; a status without a body may be billed all the same. */
  readonly refusals: readonly { readonly status: 401 | 429 | 500; readonly hasBody: boolean }[]
  readonly prompt: number
  /** Thousandths. */
  readonly cachedShare: number
  readonly outputShare: number
  readonly reasoningShare: number
  readonly report: Report
}

/** Which column of the table of charges a send has to come under. */
export type Rule = 'refused' | 'usage' | 'floor' | 'bound'

interface Usage {
  readonly prompt: number
  readonly cached: number
  readonly output: number
  readonly reasoning: number
}

/** One request a provider got. */
export class BilledSend {
  readonly reservation: Reservation
  readonly billedNanoUsd: number
  /** Null while it runs. */
  rule: Rule | null = null
  /** Its page or its worker went before the wallet had seen the end: the whole bound is right as well. */
  interrupted = false
  readonly #plan: Plan
  readonly #refusal: Plan['refusals'][number] | undefined
  readonly #usage: Usage
  readonly #stream: boolean
  readonly response: Promise<Response>
  #resolve: (response: Response) => void = () => undefined
  #reject: (error: WalletError) => void = () => undefined
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null

  constructor(
    sent: { readonly reservation: Reservation; readonly request: OutgoingRequest },
    plan: Plan,
    attempt: number,
  ) {
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    const { body: text } = sent.request
    const body = parseStrictJsonObject(typeof text === 'string' ? text : '')
    this.reservation = sent.reservation
    this.#plan = plan
    this.#refusal = plan.refusals[attempt]
    this.#stream = body['stream'] === true
    this.#usage = usageOf(plan, Number(body['max_completion_tokens'] ?? OUTPUT_WITHOUT_LIMIT))
    const isFree = this.#refusal?.hasBody === true
    this.billedNanoUsd = isFree ? 0 : costOf(this.#usage)
  }

  get answered(): boolean {
    return this.#controller !== null || this.rule !== null
  }

  /** The head of its answer, dated as its own clock says. */
  answer(date: string): void {
    if (this.answered) return
    const headers = { date, 'content-type': 'application/json' }
    if (this.#refusal) {
      const { status, hasBody } = this.#refusal
      this.rule = hasBody ? 'refused' : 'bound'
      const text = hasBody ? JSON.stringify({ error: { message: 'no', type: 'no' } }) : null
      this.#resolve(new Response(text, { status, headers }))
      return
    }
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller
      },
    })
    const type = this.#stream ? { 'content-type': 'text/event-stream' } : {}
    this.#resolve(new Response(body, { headers: { ...headers, ...type } }))
  }

  /** The whole of its answer, with what it says it was. */
  end(): void {
    if (!this.#controller || this.rule !== null) return
    this.rule = RULES[this.#plan.report]
    this.#controller.enqueue(new TextEncoder().encode(this.#text()))
    this.#controller.close()
  }

  /** A part of an answer that is never finished: words, and a count that is not the last one. */
  begin(): void {
    if (!this.#controller || this.rule !== null || !this.#stream) return
    const { prompt } = this.#usage
    const soFar = { prompt_tokens: prompt, completion_tokens: 1, total_tokens: prompt + 1 }
    const counted = this.#plan.report === 'missing' ? {} : { usage: soFar }
    this.#controller.enqueue(event({ choices: [{ delta: { content: 'word ' } }], ...counted }))
  }

  /** The connection breaks. */
  cut(): void {
    if (this.rule !== null) return
    this.rule = 'bound'
    this.#fail(new WalletError('provider.network'))
  }

  /** The wallet hung up. */
  hangUp(): void {
    this.interrupted = true
    this.rule ??= 'bound'
    this.#fail(new WalletError('request.aborted'))
  }

  #fail(error: WalletError): void {
    this.#reject(error)
    this.response.catch(() => undefined)
    try {
      this.#controller?.error(error)
    } catch {
      // It had ended.
    }
  }

  #text(): string {
    const { output } = this.#usage
    const isUnder = this.#plan.report === 'under'
    const content = isUnder ? LONG_TOKEN.repeat(output) : 'word '.repeat(Math.min(output, WORDS))
    const usage = reportOf(this.#plan.report, this.#usage)
    const counted = usage === undefined ? {} : { usage }
    if (!this.#stream) {
      return JSON.stringify({ id: 'c1', choices: [{ message: { content } }], ...counted })
    }
    const events = [
      { id: 'c1', choices: [{ delta: { content } }] },
      { id: 'c1', choices: [], ...counted },
    ]
    return `${events.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('')}data: [DONE]\n\n`
  }
}

const RULES: Readonly<Record<Report, Rule>> = {
  honest: 'usage',
  missing: 'bound',
  negative: 'bound',
  text: 'bound',
  fraction: 'bound',
  huge: 'bound',
  empty: 'bound',
  under: 'floor',
}

function usageOf(plan: Plan, outputLimit: number): Usage {
  const share = (whole: number, thousandths: number): number =>
    Math.floor((whole * thousandths) / 1000)
  // Of what was under-reported the least is billed that the text can have been; more shows nowhere.
  const most = plan.report === 'under' ? Math.min(outputLimit, 40) : outputLimit
  const output = Math.max(Math.min(2, most), share(most, plan.outputShare))
  return {
    prompt: plan.report === 'under' ? 0 : plan.prompt,
    cached: plan.report === 'under' ? 0 : share(plan.prompt, plan.cachedShare),
    output,
    reasoning: share(output, plan.reasoningShare),
  }
}

function costOf({ prompt, cached, output }: Usage): number {
  return (prompt - cached) * INPUT + cached * CACHED_INPUT + output * OUTPUT
}

function reportOf(report: Report, usage: Usage): object | null | undefined {
  const { prompt, cached, output, reasoning } = usage
  const honest = {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  }
  switch (report) {
    case 'honest':
      return honest
    case 'missing':
      return undefined
    case 'negative':
      return { ...honest, prompt_tokens: -prompt }
    case 'text':
      return { ...honest, completion_tokens: String(output) }
    case 'fraction':
      return { ...honest, completion_tokens: output + 0.5 }
    case 'huge':
      return { ...honest, prompt_tokens: 1e308, total_tokens: 1e308 }
    case 'empty':
      return { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }
    case 'under':
      return { prompt_tokens: 0, completion_tokens: 1, total_tokens: 1 }
  }
}

function event(content: object): Uint8Array {
  return new TextEncoder().encode(`data: ${JSON.stringify(content)}\n\n`)
}
