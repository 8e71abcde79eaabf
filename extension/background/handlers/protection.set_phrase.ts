import type { UiHandler } from '../wallet.ts'

export const protectionSetPhrase: UiHandler<'protection.set_phrase'> = async (
  { phrase },
  wallet,
) => {
  const outcome = await wallet.protection.setPhrase(phrase)
  wallet.announceChange()
  return outcome
}
