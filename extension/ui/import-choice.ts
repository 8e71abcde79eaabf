/** What a person chose of a file: the new keys at first, whose provider they may set right. */
import type { ChosenKey, PreviewKey, ProviderId } from '@valetkey/wallet/protocol'

export interface ImportChoice {
  readonly taken: ReadonlySet<number>
  /** Where the person said whose key it is. */
  readonly providers: ReadonlyMap<number, ProviderId>
}

/** Whether a key would be new to the vault. */
export function isNew({ duplicateOf, repeated }: PreviewKey): boolean {
  return duplicateOf === null && !repeated
}

/** Every new key. */
export function chooseNew(keys: readonly PreviewKey[]): ImportChoice {
  const taken = keys.flatMap((key, index) => (isNew(key) ? [index] : []))
  return { taken: new Set(taken), providers: new Map() }
}

export function take(choice: ImportChoice, index: number, isTaken: boolean): ImportChoice {
  const taken = new Set(choice.taken)
  if (isTaken) taken.add(index)
  else taken.delete(index)
  return { ...choice, taken }
}

export function nameProvider(
  choice: ImportChoice,
  index: number,
  provider: ProviderId,
): ImportChoice {
  return { ...choice, providers: new Map([...choice.providers, [index, provider]]) }
}

/** What the background is told, in the order of the file. */
export function chosenKeys(
  { taken, providers }: ImportChoice,
  keys: readonly PreviewKey[],
): ChosenKey[] {
  return keys.flatMap(({ provider }, index) =>
    taken.has(index) ? [{ index, provider: providers.get(index) ?? provider }] : [],
  )
}
