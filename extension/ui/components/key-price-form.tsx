import { useState } from 'react'
import { keyPriceSchema, type KeyPrice } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { Form } from './form.tsx'
import { Labelled } from './labelled.tsx'
import { SelectBox } from './select-box.tsx'
import { TextField } from './text-field.tsx'

const UNITS = ['token', 'image', 'mchar', 'minute'] as const
type Unit = (typeof UNITS)[number]
const EMPTY = { model: '', inputUsd: '', outputUsd: '', usd: '' }

interface Props {
  readonly busy: boolean
  readonly onAdd: (price: KeyPrice, onKept: () => void) => void
}

/** The price of one more model: for tokens in and out, or by the piece. */
export function KeyPriceForm({ busy, onAdd }: Props) {
  const words = MESSAGES.dashboardKeys.prices
  const [typed, setTyped] = useState(EMPTY)
  const [unit, setUnit] = useState<Unit>('token')
  const price = readPrice(typed, unit)
  const box = (member: keyof typeof EMPTY) => ({
    value: typed[member],
    autoComplete: 'off',
    onType: (text: string) => {
      setTyped({ ...typed, [member]: text.trim() })
    },
  })

  return (
    <Form
      onSubmit={() => {
        if (!price) return
        onAdd(price, () => {
          setTyped(EMPTY)
        })
      }}
    >
      <div className="grid grid-cols-[minmax(0,1fr)_12rem] items-start gap-x-3 max-[400px]:grid-cols-1">
        <TextField label={words.model} hint={words.modelHint} maxLength={200} {...box('model')} />
        <Labelled
          label={words.per}
          box={(ids) => (
            <SelectBox
              {...ids}
              value={unit}
              onChange={(event) => {
                setUnit(UNITS.find((each) => each === event.target.value) ?? 'token')
              }}
            >
              {UNITS.map((each) => (
                <option key={each} value={each}>
                  {words.pers[each]}
                </option>
              ))}
            </SelectBox>
          )}
        />
      </div>
      <div className="grid grid-cols-2 items-start gap-3">
        {unit === 'token' ? (
          <>
            <TextField
              label={words.input}
              hint={words.unitHint}
              inputMode="decimal"
              {...box('inputUsd')}
            />
            <TextField
              label={words.output}
              hint={words.unitHint}
              inputMode="decimal"
              {...box('outputUsd')}
            />
          </>
        ) : (
          <TextField
            label={words.unitUsd}
            hint={words.unitUsdHint[unit]}
            inputMode="decimal"
            {...box('usd')}
          />
        )}
      </div>
      <Button type="submit" className="mt-3" disabled={busy || !price}>
        {words.add}
      </Button>
    </Form>
  )
}

/** Null while it is no whole price. */
function readPrice({ model, inputUsd, outputUsd, usd }: typeof EMPTY, unit: Unit): KeyPrice | null {
  const members = unit === 'token' ? { inputUsd, outputUsd } : { per: unit, usd }
  const parsed = keyPriceSchema.safeParse({ model, ...members })
  return parsed.success ? parsed.data : null
}
