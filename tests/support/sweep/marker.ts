import { randomBytes } from 'node:crypto'

/**
 * Random strings planted where a key might lie, before a place is searched: a search that does not find
 * them would not find a key either.
 */
export interface Marker {
  readonly latin1: string
  /** Planted as the bytes of UTF-16LE. */
  readonly utf16: string
  /** Planted as text beside a character outside Latin-1: engines hold it in two bytes a character. */
  readonly wide: string
  readonly base64: string
}

export type MarkerForm = keyof Marker
export const ALL_FORMS = ['latin1', 'utf16', 'wide', 'base64'] as const satisfies MarkerForm[]
/** Where a NUL cannot stand, or is written otherwise. */
export const TEXT_FORMS = ['latin1', 'wide', 'base64'] as const satisfies MarkerForm[]

/** What a place is given: one value a form; `utf16` holds its bytes as characters. */
export type PlantedValues = Readonly<Record<MarkerForm, string>>

/** What is searched, by name: every one is proven at every sweep. */
export const SWEPT_PLACES = [
  'memory of renderers',
  'page heap',
  'DOM',
  'localStorage',
  'sessionStorage',
  'IndexedDB',
  'caches',
  'cookies',
  'extension heap',
  'extension DOM',
  'extension localStorage',
  'extension sessionStorage',
  'extension IndexedDB',
  'extension caches',
  'chrome.storage.local',
  'chrome.storage.session',
  'profile files',
  'console',
  'log of the spy extension',
  'replies to pages',
] as const
export type SweptPlace = (typeof SWEPT_PLACES)[number]

/** Bytes gathered from one place, and the marker forms that must be among them. */
export interface Haystack {
  readonly place: SweptPlace
  /** Which one of its kind. */
  readonly of: string
  readonly bytes: Buffer
  readonly markers: readonly MarkerForm[]
}

export interface Finding {
  readonly place: string
  readonly key: string
}

/** A marker nobody else has. */
export function createMarker(): Marker {
  const text = () => `marker${randomBytes(24).toString('hex')}`
  return { latin1: text(), utf16: text(), wide: text(), base64: text() }
}

/** The marker as a place is given it. One byte before the coded part: the middle alignment. */
export function plantedValues(marker: Marker): PlantedValues {
  return {
    latin1: marker.latin1,
    utf16: Buffer.from(marker.utf16, 'utf16le').toString('latin1'),
    wide: `€${marker.wide}`,
    base64: Buffer.from(`:${marker.base64}`).toString('base64'),
  }
}

/** Text as bytes: characters above Latin-1 are kept as UTF-8. */
export function textBytes(text: string): Buffer {
  return Buffer.from(text, 'utf8')
}
