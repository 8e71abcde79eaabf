import { randomBytes } from 'node:crypto'
import { findKey, keyForms } from '../key-forms.ts'

/**
 * Random strings planted where a key might lie, before a place is searched: a search that does not find
 * them would not find a key either.
 */
export interface Marker {
  readonly latin1: string
  /** Planted beside a character outside Latin-1, so that engines hold it in two bytes a character. */
  readonly utf16: string
  readonly base64: string
}

export type MarkerForm = keyof Marker
export const MARKER_FORMS = ['latin1', 'utf16', 'base64'] as const satisfies MarkerForm[]

/** What a page plants: one value a form. */
export interface PlantedValues {
  readonly latin1: string
  readonly utf16: string
  readonly base64: string
}

/** Bytes gathered from a place, and the marker forms that must be among them. */
export interface Haystack {
  readonly place: string
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
  return { latin1: text(), utf16: text(), base64: text() }
}

/** The marker as a page holds it. One byte before the coded part: the middle alignment. */
export function plantedValues(marker: Marker): PlantedValues {
  return {
    latin1: marker.latin1,
    utf16: `€${marker.utf16}`,
    base64: Buffer.from(`:${marker.base64}`).toString('base64'),
  }
}

/** Whether the bytes hold the marker in the form it was planted in. */
export function holdsMarker(bytes: Buffer, marker: Marker, form: MarkerForm): boolean {
  return keyForms(marker[form]).some(
    (candidate) => candidate.name.split('+')[0] === form && bytes.includes(candidate.bytes),
  )
}

/** The marker forms this haystack should hold and does not. */
export function missingMarkers(
  { bytes, markers }: Haystack,
  marker: Marker,
): readonly MarkerForm[] {
  return markers.filter((form) => !holdsMarker(bytes, marker, form))
}

/** Text as bytes: characters above Latin-1 are kept as UTF-8. */
export function textBytes(text: string): Buffer {
  return Buffer.from(text, 'utf8')
}

/** Keys found in the haystacks, one finding a place and key. */
export function findKeys(
  haystacks: readonly Haystack[],
  keys: readonly string[],
): readonly Finding[] {
  return haystacks.flatMap(({ place, bytes }) =>
    keys.flatMap((key) => {
      const form = findKey(bytes, key)
      return form === null ? [] : [{ place: `${place} (${form})`, key }]
    }),
  )
}
