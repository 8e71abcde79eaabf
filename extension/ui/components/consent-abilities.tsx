import type { Capability, TermChoices } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { CheckRow } from './check-row.tsx'
import { FoldRow } from './fold-row.tsx'

interface Props {
  readonly offered: TermChoices['capabilities']
  readonly chosen: readonly Capability[]
  readonly onChange: (abilities: readonly Capability[]) => void
}

/** What the site may do with the AI. */
export function ConsentAbilities({ offered, chosen, onChange }: Props) {
  const words = MESSAGES.consent
  const [first, ...others] = chosen
  const value =
    first !== undefined && others.length === 0
      ? MESSAGES.abilities[first].long
      : words.manyAbilities(chosen.length)
  return (
    <FoldRow label={words.may} value={value}>
      {offered.map((ability) => (
        <CheckRow
          key={ability}
          label={MESSAGES.abilities[ability].long}
          checked={chosen.includes(ability)}
          onChange={(ticked) => {
            const rest = chosen.filter((name) => name !== ability)
            onChange(ticked ? [...rest, ability] : rest)
          }}
        />
      ))}
    </FoldRow>
  )
}
