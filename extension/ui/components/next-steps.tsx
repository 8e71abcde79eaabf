import { MESSAGES } from '../messages.ts'

/** What to do once a key is in the vault. */
export function NextSteps() {
  const words = MESSAGES.firstKey
  return (
    <section className="mt-6 border-t border-line pt-4">
      <h2 className="mb-2 text-group font-bold text-ink2">{words.stepsTitle}</h2>
      <ol className="grid list-decimal gap-2 pl-5 text-ink2">
        <li>{words.pin}</li>
        <li>{words.open}</li>
        <li>{words.paste}</li>
      </ol>
      <p className="mt-3 text-small text-ink2">{words.close}</p>
    </section>
  )
}
