import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '@valetkey/wallet/protocol'
import type { UsageCounts } from './behaviour.ts'

/** What an enricher may draw on. */
interface Enrichment {
  /** Null: this provider reports no usage this time. */
  readonly usage: UsageCounts | null
  readonly request: JsonObject
}

/** Adds to an answer what the real provider sends. Events come in order, with their index. */
export interface WireFormat {
  body(answer: JsonObject, enrichment: Enrichment): JsonObject
  /** @returns the events that replace this one, each `{event, data}` */
  event(answer: StreamEvent, enrichment: Enrichment, index: number): readonly StreamEvent[]
}

export interface StreamEvent {
  readonly event: string | null
  readonly data: JsonObject | '[DONE]'
}

/** Reads an event stream's text into events; comments are dropped. */
export function readEvents(text: string): StreamEvent[] {
  return text
    .split(/\r?\n\r?\n/)
    .map(readEvent)
    .filter((event) => event !== null)
}

function readEvent(block: string): StreamEvent | null {
  let event: string | null = null
  let data = ''
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith('event:')) event = line.slice(6).trim()
    if (line.startsWith('data:')) data += line.slice(5).trim()
  }
  if (data === '[DONE]') return { event, data }
  const json = parseJson(data)
  return isJsonObject(json) ? { event, data: json } : null
}

/** An event as the wire carries it, blank line included. */
export function writeEvent({ event, data }: StreamEvent, lineEnd = '\n'): string {
  const name = event === null ? '' : `event: ${event}${lineEnd}`
  return `${name}data: ${data === '[DONE]' ? data : JSON.stringify(data)}${lineEnd}${lineEnd}`
}

/** A member that is an object, or an empty one. */
export function objectAt(value: JsonObject, name: string): JsonObject {
  const member: JsonValue | undefined = value[name]
  return isJsonObject(member) ? member : {}
}
