import { useState } from 'react'
import type { CaptureRequest, GrantId } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { expiryOfDate } from '../expiry.ts'
import { useAction } from '../hooks/use-action.ts'
import { useCaptureTest } from '../hooks/use-capture-test.ts'
import { MESSAGES } from '../messages.ts'
import { askForHosts } from '../provider-access.ts'
import { providerName, providerPlaces } from '../provider-facts.ts'
import { dateForPeople } from '../time-left.ts'
import { CaptureHindrance } from './capture-hindrance.tsx'
import type { SavedCapture } from './capture-saved.tsx'
import { CaptureSites } from './capture-sites.tsx'
import { CaptureSubject } from './capture-subject.tsx'
import { CaptureTestRow } from './capture-test-row.tsx'
import { ConsentAnswers } from './consent-answers.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { ExpiryField } from './expiry-field.tsx'
import { KeyNameField } from './key-name-field.tsx'

interface Props {
  readonly asked: CaptureRequest
  /** What the open vault says about it. */
  readonly known: NonNullable<CaptureRequest['vault']>
  readonly onSaved: (saved: SavedCapture) => void
}

/** A key that was picked up: what it is, whether it works, and the person's answer. */
export function CaptureForm({ asked, known, onSaved }: Props) {
  const words = MESSAGES.capture
  const { id, provider, via } = asked
  const name = providerName(provider)
  const isKept = known.duplicate !== null || providerPlaces(provider).required
  const test = useCaptureTest(asked, !isKept)
  const [label, setLabel] = useState(() => proposedLabel(asked, known.others))
  const [date, setDate] = useState('')
  const [grantIds, setGrantIds] = useState<readonly GrantId[]>([])
  const { busy, error, run } = useAction()

  if (isKept) return <CaptureHindrance asked={asked} duplicate={known.duplicate} />

  const save = () => {
    // Within the click. A no stops nothing: the key is stored, and its test tells.
    const permitted = askForHosts([provider]).catch(() => false)
    run(async () => {
      await permitted
      const expiresAt = expiryOfDate(date)
      const { test: tested, leftOut } = await request('capture.save', {
        ...{ id, label, expiresAt, grantIds: [...grantIds] },
      })
      const given = known.sites.filter(({ grantId }) => grantIds.includes(grantId))
      const sites = given.map(({ origin }) => origin).filter((each) => !leftOut.includes(each))
      onSaved({ provider, label: label.trim() || name, outcome: tested.outcome, sites, leftOut })
    })
  }
  const discard = () => {
    run(async () => {
      await request('capture.discard', { id })
      window.close()
    })
  }

  return (
    <>
      <main className="flex-1">
        <CaptureSubject asked={asked} />
        <div className="grid gap-3 border-t border-line p-4">
          <CaptureTestRow provider={provider} state={test.state} onTest={test.test} />
          {test.error && <ErrorNotice error={test.error} retry={test.test} />}
          {via === 'copy' && test.state !== 'works' && (
            <p className="text-ink2">{words.copyNeedsTest}</p>
          )}
          <p className="text-ink2">{words.planted(known.others, name)}</p>
        </div>
        <div className="border-t border-line px-4 pb-4">
          <KeyNameField
            label={words.name}
            hint={words.nameHint}
            value={label}
            onChange={setLabel}
          />
          <ExpiryField
            label={words.expires}
            hint={words.expiresHint}
            value={date}
            onChange={setDate}
          />
          {known.sites.length > 0 && (
            <div className="mt-3">
              <CaptureSites
                {...{ provider, sites: known.sites, chosen: grantIds, onChange: setGrantIds }}
              />
            </div>
          )}
          {error && (
            <div className="mt-3">
              <ErrorNotice error={error} />
            </div>
          )}
        </div>
      </main>
      <ConsentAnswers
        ready={test.state !== 'testing' && (via !== 'copy' || test.state === 'works')}
        busy={busy}
        deny={words.discard}
        allow={
          busy
            ? words.saving
            : test.state === 'refused' && via !== 'copy'
              ? words.saveAnyway
              : words.save
        }
        onDeny={discard}
        onAllow={save}
      />
    </>
  )
}

function proposedLabel({ suggestedLabel, provider }: CaptureRequest, others: number): string {
  if (suggestedLabel !== '') return suggestedLabel
  const now = Date.now()
  return others === 0 ? providerName(provider) : MESSAGES.capture.datedName(dateForPeople(now, now))
}
