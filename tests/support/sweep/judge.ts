import { findKey, keyForms } from '../key-forms.ts'
import {
  ALL_FORMS,
  SWEPT_PLACES,
  type Finding,
  type Haystack,
  type Marker,
  type MarkerForm,
  type SweptPlace,
} from './marker.ts'
import { createNeedleSearch } from './needle-skip.ts'

/** On disk and in memory a marker lies somewhere among many. */
const SOMEWHERE: readonly SweptPlace[] = ['memory of renderers', 'profile files']
/** Not every system lets one process read another's memory. */
const MAY_BE_ABSENT: readonly SweptPlace[] = ['memory of renderers']

/**
 * What was found of the keys in what was gathered.
 * @param leftOut places there was no need to look at
 * @throws Error with the name of the first place that is missing, or does not hold a form of the marker
 *   that was planted there
 */
export function judge(
  haystacks: readonly Haystack[],
  marker: Marker,
  keys: readonly string[],
  leftOut: readonly SweptPlace[] = [],
): readonly Finding[] {
  for (const place of SWEPT_PLACES) {
    const here = haystacks.filter((haystack) => haystack.place === place)
    if (here.length === 0 && ![...MAY_BE_ABSENT, ...leftOut].includes(place)) {
      throw new Error(`Sweep of ${place}: nothing was looked at.`)
    }
    if (SOMEWHERE.includes(place)) assertSomewhere(place, here, marker)
    else for (const haystack of here) assertAll(haystack, marker)
  }
  return findKeys(haystacks, keys)
}

function assertAll({ place, of, bytes, markers }: Haystack, marker: Marker): void {
  const missing = markers.filter((form) => !holdsMarker(bytes, marker, form))
  if (missing.length > 0) throw blindness(`${place}: ${of}`, missing)
}

function assertSomewhere(place: SweptPlace, haystacks: readonly Haystack[], marker: Marker): void {
  const missing = haystacks.length === 0 ? [] : formsMissingEverywhere(haystacks, marker)
  if (missing.length > 0) throw blindness(place, missing)
}

function blindness(place: string, missing: readonly MarkerForm[]): Error {
  return new Error(`Sweep of ${place} does not find its ${missing.join(', ')} marker.`)
}

/** The forms of the marker that none of the haystacks holds. */
export function formsMissingEverywhere(
  haystacks: readonly Haystack[],
  marker: Marker,
): readonly MarkerForm[] {
  return ALL_FORMS.filter(
    (form) => !haystacks.some(({ bytes }) => holdsMarker(bytes, marker, form)),
  )
}

/** Whether the bytes hold the marker in the form it was planted in. */
function holdsMarker(bytes: Buffer, marker: Marker, form: MarkerForm): boolean {
  // Memory and disk hold a wide text as UTF-16LE; what is read out of a place as text, as such.
  const written: readonly string[] = form === 'wide' ? ['latin1', 'utf16'] : [form]
  return keyForms(marker[form]).some(
    ({ name, bytes: looked }) =>
      written.includes(name.split('+')[0] ?? '') && bytes.includes(looked),
  )
}

/** Keys found in the haystacks, one finding a place and key. */
export function findKeys(
  haystacks: readonly Pick<Haystack, 'place' | 'of' | 'bytes'>[],
  keys: readonly string[],
): readonly Finding[] {
  if (keys.length === 0) return []
  const needles = keys.flatMap((key) => keyForms(key).map(({ bytes }) => bytes))
  const holdsAny = createNeedleSearch(needles)
  return haystacks
    .filter(({ bytes }) => holdsAny(bytes))
    .flatMap(({ place, of, bytes }) =>
      keys.flatMap((key) => {
        const form = findKey(bytes, key)
        return form === null ? [] : [{ place: `${place}: ${of} (${form})`, key }]
      }),
    )
}
