import { useState } from 'react'
import { MESSAGES } from '../messages.ts'
import { readTypedAddress, type SiteAddress } from '../site-address.ts'
import { Button } from './button.tsx'
import { Form } from './form.tsx'
import { Section } from './section.tsx'
import { TextField } from './text-field.tsx'

/** Asks for the site where the browser does not tell it. */
export function WhichSite({ onNamed }: { readonly onNamed: (address: SiteAddress) => void }) {
  const words = MESSAGES.whichSite
  const [typed, setTyped] = useState('')
  const [hint, setHint] = useState<string>()

  const submit = () => {
    const address = readTypedAddress(typed)
    if (address.kind === 'site') onNamed(address)
    else if (address.kind === 'insecure') setHint(words.insecure)
    else setHint(address.kind === 'browser-page' ? words.browserPage : words.unreadable)
  }

  return (
    <Section title={words.title}>
      <p className="text-ink2">{words.text}</p>
      <Form onSubmit={submit}>
        <TextField
          label={words.address}
          inputMode="url"
          autoComplete="off"
          value={typed}
          hint={hint}
          wrong={hint !== undefined}
          onType={(text) => {
            setTyped(text)
            setHint(undefined)
          }}
        />
        <Button type="submit" className="mt-2">
          {words.submit}
        </Button>
      </Form>
    </Section>
  )
}
