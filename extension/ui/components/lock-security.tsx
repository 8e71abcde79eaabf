import { useId, useState } from 'react'
import { USUAL_LOCK, lockSettingsSchema, type LockSettings } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { FieldRow } from './field-row.tsx'
import { PassphraseConfirm } from './passphrase-question.tsx'
import { RowSelect } from './row-select.tsx'
import { SecurityCard } from './security-card.tsx'
import { Switch } from './switch.tsx'

interface Props {
  readonly lock: LockSettings
  readonly hasPasskey: boolean
}

const MINUTES = [...lockSettingsSchema.shape.idleMinutes.def.values]
const HOURS = [...lockSettingsSchema.shape.absoluteHours.def.values]

/** When the vault locks by itself, and a button to lock it now. */
export function LockSecurity({ lock, hasPasskey }: Props) {
  const words = MESSAGES.security.lock
  const { busy, error, run } = useAction()
  /** Chosen, and waiting for the passphrase. */
  const [wish, setWish] = useState<LockSettings | null>(null)
  const shown = wish ?? lock

  const choose = (next: LockSettings) => {
    setWish(null)
    run(async () => {
      const { outcome } = await request('protection.set_lock', next)
      if (outcome === 'passphrase-needed') setWish(next)
    })
  }
  return (
    <SecurityCard title={words.title} text={words.text}>
      <LockRows {...{ shown, lock, hasPasskey, choose }} />
      {wish && (
        <div className="appear mt-3 max-w-100">
          <p>{words.ask}</p>
          <PassphraseConfirm
            submit={MESSAGES.security.confirm}
            busyText={MESSAGES.security.confirmBusy}
            onConfirmed={async () => {
              await request('protection.set_lock', wish)
              setWish(null)
            }}
          />
          <Button
            look="text"
            className="mt-2"
            onClick={() => {
              setWish(null)
            }}
          >
            {MESSAGES.cancel}
          </Button>
        </div>
      )}
      {error && <ErrorNotice error={error} />}
      <Button
        className="mt-3"
        disabled={busy}
        onClick={() => {
          run(async () => {
            await request('vault.lock', {})
          })
        }}
      >
        {words.now}
      </Button>
    </SecurityCard>
  )
}

interface RowsProps extends Props {
  readonly shown: LockSettings
  readonly choose: (next: LockSettings) => void
}

function LockRows({ shown, lock, hasPasskey, choose }: RowsProps) {
  const words = MESSAGES.security.lock
  const id = useId()
  const offered = <N extends number>(all: readonly N[], usual: number, now: number) =>
    all.filter((one) => hasPasskey || one <= usual || one === now)
  return (
    <div className="grid max-w-100 gap-2">
      <FieldRow label={words.idle} htmlFor={`${id}-idle`}>
        <RowSelect
          id={`${id}-idle`}
          value={shown.idleMinutes}
          onChange={(event) => {
            const idleMinutes = MINUTES.find((one) => one === Number(event.target.value))
            if (idleMinutes !== undefined) choose({ ...shown, idleMinutes })
          }}
        >
          {offered(MINUTES, USUAL_LOCK.idleMinutes, lock.idleMinutes).map((minutes) => (
            <option key={minutes} value={minutes}>
              {words.minutes(minutes)}
            </option>
          ))}
        </RowSelect>
      </FieldRow>
      <FieldRow label={words.absolute} htmlFor={`${id}-absolute`}>
        <RowSelect
          id={`${id}-absolute`}
          value={shown.absoluteHours}
          onChange={(event) => {
            const absoluteHours = HOURS.find((one) => one === Number(event.target.value))
            if (absoluteHours !== undefined) choose({ ...shown, absoluteHours })
          }}
        >
          {offered(HOURS, USUAL_LOCK.absoluteHours, lock.absoluteHours).map((hours) => (
            <option key={hours} value={hours}>
              {words.hours(hours)}
            </option>
          ))}
        </RowSelect>
      </FieldRow>
      <div className="flex min-h-11 items-center gap-3 rounded-control border border-line pr-1 pl-3">
        <span className="flex-1 text-ink2">{words.withScreen}</span>
        <Switch
          name={words.withScreen}
          checked={shown.withScreen}
          onChange={(withScreen) => {
            choose({ ...shown, withScreen })
          }}
        />
      </div>
      {!hasPasskey && <p className="text-small text-ink2">{words.longer}</p>}
    </div>
  )
}
