/** Kills a real browser at random moments of its writes, and looks at what the vault holds afterwards. */
import { setTimeout as sleep } from 'node:timers/promises'
import { askFrom } from '../support/driving/extension-messages.ts'
import { add, drawChange, type Change } from './changes.ts'
import { createDraw, type Draw } from './draw.ts'
import { openProfile, type Profile } from './profile.ts'
import { readVault } from './read-vault.ts'
import { judge, type ModelVault, type Verdict } from './vault-model.ts'

const PASSPHRASE = 'correct horse battery staple'
const KEYS_AT_FIRST = 4
/** Tombstones stay in a vault for good: after so many kills another one is begun. */
const KILLS_PER_PROFILE = 250
/** Of so many kills one takes the whole browser; starting that again is what takes the time. */
const ONE_IS_THE_BROWSER = 3
const USUAL_MS = 60

export interface KillOptions {
  readonly extensionDir: string
  readonly count: number
  /** The same seed draws the same changes and the same moments. */
  readonly seed: string
  /** Called after every kill. */
  readonly onKill?: (report: KillReport) => void
}

export interface KillReport {
  /** From 1. */
  readonly number: number
  readonly victim: string
  readonly change: string
  readonly afterMs: number
  readonly verdict: Verdict
  /** For a vault that is neither old nor new. */
  readonly note: string
}

/** How many kills ended each way. */
export type Tally = Readonly<Record<Verdict, number>>

/** @returns how often the vault was the old one, the new one, neither, or lacked something */
export async function runKills(options: KillOptions): Promise<Tally> {
  const tally: Record<Verdict, number> = { old: 0, new: 0, mixed: 0, lost: 0 }
  for (let done = 0; done < options.count; done += KILLS_PER_PROFILE) {
    const count = Math.min(KILLS_PER_PROFILE, options.count - done)
    const seed = `${options.seed} ${done}`
    await killOneProfile({ ...options, count, seed }, (report) => {
      tally[report.verdict] += 1
      options.onKill?.({ ...report, number: done + report.number })
    })
  }
  return tally
}

async function killOneProfile(
  { extensionDir, count, seed }: KillOptions,
  report: (report: KillReport) => void,
): Promise<void> {
  const profile = await openProfile(extensionDir)
  try {
    const run: Run = { profile, draw: createDraw(seed), seed, durationsMs: new Map() }
    let vault = await fillVault(run)
    for (let number = 1; number <= count; number++) {
      const { reported, seen } = await killOnce(run, vault)
      report({ number, ...reported })
      // A vault that is no whole one gives the next kill nothing to compare with.
      if (seen === null || reported.note !== '') return
      vault = { ...seen, revealKeys: true }
    }
  } finally {
    await profile.close()
  }
}

interface Run {
  readonly profile: Profile
  readonly draw: Draw
  readonly seed: string
  /** How long each kind of change took last, so that kills fall into all of it. */
  readonly durationsMs: Map<string, number>
}

async function fillVault({ profile, draw, seed, durationsMs }: Run): Promise<ModelVault> {
  const page = profile.page()
  await askFrom(page, 'vault.create', { passphrase: PASSPHRASE })
  const settings = await askFrom(page, 'settings.get', {})
  await askFrom(page, 'settings.change', { ...settings, revealKeys: true })
  const empty = { passphrase: PASSPHRASE, recoveryKey: null, revealKeys: true, keys: [] }
  for (let added = 0; added < KEYS_AT_FIRST; added++) await add(empty, draw, seed)?.run(page)
  const startedAt = performance.now()
  const renewed = await askFrom(page, 'kit.renew', { passphrase: PASSPHRASE })
  // Twice: the old passphrase is hashed, and the new one.
  const tookMs = performance.now() - startedAt
  durationsMs.set('kit.renew', tookMs)
  durationsMs.set('vault.rotate', 2 * tookMs).set('vault.change_passphrase', 2 * tookMs)
  const recoveryKeys = [renewed.kit.recoveryKey]
  return readVault(page, { passphrases: [PASSPHRASE], recoveryKeys })
}

async function killOnce(
  run: Run,
  known: ModelVault,
): Promise<{ reported: Omit<KillReport, 'number'>; seen: ModelVault | null }> {
  const { profile, draw } = run
  const victim = draw.number(ONE_IS_THE_BROWSER) === 0 ? 'browser' : 'worker'
  const vault = await changeInPeace(run, known)
  const change = drawChange(vault, draw, `${run.seed} ${draw.number(1_000_000)}`)
  const usualMs = run.durationsMs.get(change.name) ?? USUAL_MS
  const afterMs = drawMoment(draw, change) * usualMs
  const kill = await profile.aim(victim)
  const acknowledgement = follow(change, profile)
  await sleep(afterMs)
  kill()
  await profile.revive(victim)
  const { answer, tookMs } = acknowledgement()
  // A change the kill cut off would have taken longer.
  run.durationsMs.set(change.name, answer ? tookMs : Math.min(usualMs * 1.1, 5_000))

  const reported = { victim, change: change.name, afterMs }
  const { states } = change
  try {
    const seen = await readVault(profile.page(), {
      passphrases: states.map(({ passphrase }) => passphrase),
      recoveryKeys: [answer?.recoveryKey ?? null, ...states.map((state) => state.recoveryKey)],
    })
    const verdict = judge(seen, { states, answer })
    const isWhole = verdict === 'old' || verdict === 'new'
    const note = isWhole ? '' : JSON.stringify({ answer, seen, states })
    return { reported: { ...reported, verdict, note }, seen }
  } catch (error) {
    return { reported: { ...reported, verdict: 'lost', note: String(error) }, seen: null }
  }
}

/** When the kill comes, in usual durations of the change: mostly where it writes. */
function drawMoment(draw: Draw, { hashes = false }: Change): number {
  const share = draw.number(1_000) / 1_000
  return hashes && draw.number(4) > 0 ? 0.85 + share * 0.45 : share * 1.2
}

/** Now and then a change before the kill that is answered: it must be there afterwards. */
async function changeInPeace({ profile, draw, seed }: Run, vault: ModelVault): Promise<ModelVault> {
  if (draw.number(3) > 0) return vault
  const change = drawChange(vault, draw, `${seed} ${draw.number(1_000_000)}`)
  const after = change.states.at(-1) ?? vault
  // A key whose id came back to nobody cannot be asked about.
  if (change.name === 'vault.lock' || after.keys.some(({ id }) => id === null)) return vault
  return { ...after, ...(await change.run(profile.page())) }
}

/** Starts a change. The function tells whether it was acknowledged, and after how long. */
function follow(
  change: Change,
  profile: Profile,
): () => { readonly answer: Partial<ModelVault> | null; readonly tookMs: number } {
  const startedAt = performance.now()
  let tookMs = 0
  let answer: Partial<ModelVault> | null = null
  let refusal: Error | null = null
  change.run(profile.page()).then(
    (told) => {
      answer = told
      tookMs = performance.now() - startedAt
    },
    (error: unknown) => {
      // A kill takes the page away; a refusal is a mistake of ours.
      if (error instanceof Error && error.message.includes('was refused')) refusal = error
    },
  )
  return () => {
    if (refusal) throw refusal
    return { answer, tookMs }
  }
}
