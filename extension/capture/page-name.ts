/** What the page calls a key: a hint for the label, which the person sees and may change. */
import { closestOf, isField, showsValue, type Field } from './places.ts'

const NAME_LIMIT = 200
/** How long a name that was typed before the key was made is its name. */
const TYPED_MS = 120_000
const NAME_WORDS = /\b(?:name|label|title|description|note|comment)\b/i
const TOGETHER =
  'dialog,[role="dialog"],[role="alertdialog"],[aria-modal="true"],tr,li,[role="row"]'

/** The name of the key that stands in, or beside, an element. */
export class PageNames {
  #typed: { readonly value: string; readonly at: number } | null = null

  /** A person or a script changed a field. */
  note(field: Field): void {
    if (!isNameField(field) || field.value.trim() === '') return
    this.#typed = { value: field.value, at: performance.now() }
  }

  nameOf(element: Element | null, key: string): string | null {
    const beside = element && nameBeside(element)
    const typed = this.#typed
    const isFresh = typed !== null && performance.now() - typed.at < TYPED_MS
    const name = beside ?? (isFresh ? typed.value : null)
    if (name === null || name.includes(key)) return null
    return name.trim().slice(0, NAME_LIMIT) || null
  }
}

function nameBeside(element: Element): string | null {
  const container = closestOf(element, TOGETHER)
  for (const field of container?.querySelectorAll('input,textarea') ?? []) {
    if (field === element || !isField(field) || !isNameField(field)) continue
    if (field.value.trim() !== '') return field.value
  }
  return null
}

function isNameField(field: Field): boolean {
  return showsValue(field) && NAME_WORDS.test(labelOf(field))
}

function labelOf(field: Field): string {
  const labels = Array.from(field.labels ?? [], ({ textContent }) => textContent.slice(0, 100))
  return [field.getAttribute('aria-label'), field.name, field.placeholder, ...labels].join(' ')
}
