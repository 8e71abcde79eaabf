/** Every string a person reads in the extension's windows, in English. */
import type { BudgetWindow, Capability, KeyTest } from '@valetkey/wallet/protocol'
import { ABOUT_WORDS } from './messages/about.ts'
import { APP_WORDS } from './messages/apps.ts'
import { CAPTURE_WORDS } from './messages/capture.ts'
import { DASHBOARD_WORDS } from './messages/dashboard.ts'
import { KEY_WORDS } from './messages/keys.ts'
import { FAULT_WORDS } from './messages/faults.ts'
import { KIT_WORDS } from './messages/kit.ts'
import { NEW_PASSPHRASE_WORDS, RECOVER_WORDS } from './messages/passphrase.ts'
import { OWN_SERVER_WORDS } from './messages/own-server.ts'
import { PICK_UP_WORDS } from './messages/pick-up.ts'
import { SECURITY_WORDS } from './messages/security.ts'
import { TERMS_WORDS } from './messages/terms.ts'
import { TRANSFER_WORDS } from './messages/transfer.ts'
import { USAGE_WORDS } from './messages/usage.ts'

export const LOCALE = 'en-GB'

const PER_WINDOW: Record<BudgetWindow, string> = {
  day: 'a day',
  week: 'a week',
  month: 'a month',
  total: 'in total',
}

/** What a capability lets a site do: `may …` in the popup, `wants to …` and `can …` in the consent window. */
const ABILITIES: Record<Capability, { readonly short: string; readonly long: string }> = {
  chat: { short: 'chat', long: 'write and answer' },
  embedding: { short: 'compare texts', long: 'compare texts' },
  image: { short: 'make images', long: 'make images' },
  speech: { short: 'speak', long: 'turn text into speech' },
  transcription: { short: 'transcribe', long: 'turn speech into text' },
  realtime: { short: 'talk live', long: 'talk live' },
  video: { short: 'make videos', long: 'make videos' },
  moderation: { short: 'check texts', long: 'check texts for harm' },
  rerank: { short: 'sort results', long: 'sort search results' },
  'tools.fetch': { short: 'browse the web', long: 'let the AI open web addresses' },
  'stored.ids': { short: 'keep files', long: 'keep files and answers at the provider' },
}

export const MESSAGES = {
  product: 'ValetKey',
  about: ABOUT_WORDS,
  loading: 'Loading',
  tryAgain: 'Try again',
  back: 'Back',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Copying did not work. Select the text and copy it yourself.',
  perWindow: PER_WINDOW,
  abilities: ABILITIES,
  crashed: {
    message: 'This window could not be drawn.',
    action: 'Close it and open it again. Your vault was not touched.',
  },
  tooManyTries: {
    message: 'Too many wrong passphrases in a row.',
    action: (seconds: number) =>
      seconds < 120
        ? `Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then try again.`
        : `Wait ${Math.ceil(seconds / 60)} minutes, then try again.`,
  },

  header: { pauseAll: 'Pause everything', resumeAll: 'Resume', lock: 'Lock' },
  pausedAll: {
    message: 'ValetKey is paused.',
    action: 'No site can use your AI until you press Resume.',
  },

  updateWaits: {
    message: 'An update is ready.',
    action: 'It starts when the running calls have ended. Then unlock your vault again.',
  },

  syncTrouble: { message: 'Your devices are not in step.', open: 'See why' },

  dashboard: DASHBOARD_WORDS,
  transfer: TRANSFER_WORDS,
  faults: FAULT_WORDS,
  dashboardKeys: KEY_WORDS,
  apps: APP_WORDS,
  usage: USAGE_WORDS,

  noVault: {
    title: 'Keep your AI keys in one safe place',
    text: 'Sites get a valet key that works only through ValetKey. Your own keys never leave your vault.',
    create: 'Create your vault',
  },
  unlock: {
    title: 'ValetKey is locked',
    text: 'Unlock it to use your keys. Until then no site can.',
    passphrase: 'Passphrase',
    submit: 'Unlock',
    busy: 'Unlocking…',
    phrase: 'Your phrase',
    passkey: 'Use a passkey',
    passkeyBusy: 'Waiting for your passkey…',
    passkeyWrong: {
      message: 'This passkey does not open this vault.',
      action: 'Use another one, or your passphrase. Nothing was changed.',
    },
    forgot: 'I forgot my passphrase',
  },
  damaged: {
    title: 'Your vault could not be opened',
    message: 'The start of the vault on this computer cannot be read.',
    action: 'Nothing was overwritten or deleted. Restart the browser and try again.',
  },

  site: {
    title: 'This site',
    switchName: 'Use ValetKey on this site',
    off: 'may not use your AI',
    offHint: 'Switch it on to choose what this site may do. You decide before anything is allowed.',
    needsKey: 'Add a key first. Then this site can use it.',
    asking: 'Waiting for your answer in the ValetKey window.',
    askingHint: 'No window in sight? Switch it on again.',
    foreignHost: (host: string) =>
      `This site sent its valet key to ${host}, which is not the provider.`,
    foreignHostAction:
      'It is worth nothing there: it works only from this page. If the app does not answer, look in its settings for direct or browser mode: then it calls the provider itself.',
    foreignHostSeen: 'Got it',
    keptKeys: (providers: string) => `This site still keeps your ${providers} key itself.`,
    keptKeysAction:
      'Put its valet key there instead. The site goes on as before, and your key is gone from it.',
    replaceKeys: 'Put the valet key there',
    keysReplaced: 'The valet key is in place.',
    keysReplacedAction:
      'Reload the page to use it. Your key was on this page: a new one at the provider is safer.',
    newKeyAt: (provider: string) => `New key at ${provider}`,
    expired: 'The time you gave this site is over. Switch it on to decide again.',
    blocked: 'The browser’s settings keep ValetKey off this site. Switch it on to allow it again.',
    permissionDenied:
      'The browser did not get your permission for this site, so nothing was switched on.',
    connectedHint: 'It connected by itself: it needs no valet key.',
    pausedHint: 'Paused: this site cannot use your AI until you resume it.',
    pause: 'Pause this site',
    resume: 'Resume this site',
    confirmOff: 'Turn off for this site? Its valet key stops working.',
    turnOff: 'Turn off',
    keepOn: 'Keep it on',
    nothingAllowed: 'may do nothing',
    may: (what: string) => `may ${what}`,
    abilitiesWith: (abilities: string, providers: string) => `${abilities} with ${providers}`,
    upTo: (amount: string, window: BudgetWindow) => `up to ${amount} ${PER_WINDOW[window]}`,
    spent: (limit: string, window: BudgetWindow | null) =>
      window === null ? `of ${limit}` : `of ${limit} ${PER_WINDOW[window]}`,
    spentLabel: (spent: string, limit: string, window: BudgetWindow) =>
      `${spent} of ${limit} ${PER_WINDOW[window]} spent`,
    daysLeft: (days: number) => (days === 1 ? '1 day left' : `${days} days left`),
    hoursLeft: (hours: number) => (hours === 1 ? '1 hour left' : `${hours} hours left`),
    minutesLeft: 'less than an hour left',
    timeOver: 'time is over',
    refusedTerm: {
      model: (model: string) => `It asked for the model “${model}”.`,
      capability: (ability: string) => `It wanted to ${ability}.`,
      budget: (needed: string, used: string, limit: string, window: string) =>
        `It could cost ${needed}, and ${used} of ${limit} ${window} are used or held.`,
      budgetPart: (part: string, whole: string, window: string) =>
        `This device’s part is used up: ${part} of ${whole} ${window}. Your other devices hold the rest, and are asked for more.`,
      endpoints: 'It called a part of the API that you did not allow.',
      providers: 'It called a provider that you did not allow.',
      keys: 'It has no key of that provider to use.',
    },
    lastRefusal: (time: string) => `Last call refused, ${time}`,
  },
  ticket: {
    title: 'Valet key for this site',
    titleOf: (provider: string) => `${provider} valet key`,
    hint: 'Paste it where the site asks for an API key.',
    otherForm: 'Another form',
    otherForms: (count: number) => `${count} other forms`,
  },
  lane: {
    title: 'Compatibility mode',
    off: 'Only for a site that does not work otherwise: one that calls from workers.',
    on: 'On. Other extensions can see your key, answers pass unread, and only requests are counted.',
    question:
      'In this mode the browser puts your key into this site’s own requests. Other extensions that watch requests can see it. ValetKey takes nothing out of the answers and cannot know what they cost, so the spending limit and the choice of models end. If the site shares a worker with a page that frames it, that page can spend too.',
    yes: 'Go on',
    no: 'Leave it off',
    passphraseHint: 'Because your key leaves ValetKey’s hands, it asks once more.',
    submit: 'Switch it on',
    busy: 'Checking. This takes a moment.',
    denied: 'Chrome did not let ValetKey count the site’s requests, so this mode stays off.',
  },
  whichSite: {
    title: 'Which site?',
    text: 'ValetKey cannot see which site you mean. Type its address.',
    address: 'Address of the site',
    submit: 'Go on',
    unreadable: 'This is not the address of a site. Type it like app.example.com.',
    insecure:
      'This site has no secure connection, so others could read along. ValetKey works on https addresses only.',
    browserPage: 'ValetKey does not work on this page, because it belongs to the browser.',
    browserPageHint: 'Open the site you want to use, then click ValetKey again.',
  },

  keys: {
    title: 'Your keys',
    empty: 'No keys yet.',
    emptyHint: 'Add the API key of a provider first. Then switch ValetKey on for a site.',
    add: 'Add a key',
    atProvider: (provider: string) => `My keys at ${provider}`,
    dropHint: 'Drop it here: ValetKey looks for keys in it',
    nothingPasted:
      'No key in what you pasted. If it is one of a form ValetKey does not know, press “Add a key”.',
    test: 'Test it now',
    testing: 'Testing…',
    remove: 'Remove',
    confirmRemove: 'Remove this key? Sites that use it stop working.',
    removeYes: 'Remove it',
    keep: 'Keep it',
    spentThisMonth: (amount: string) => `${amount} this month`,
    sites: (count: number) => (count === 1 ? '1 site' : `${count} sites`),
    pills: {
      works: 'works',
      refused: 'check',
      limited: 'slowed',
      unreachable: 'not tested',
    } satisfies Record<KeyTest['outcome'], string>,
    tests: {
      works: (provider: string) => `${provider} accepts this key.`,
      refused: (provider: string) =>
        `${provider} does not accept this key. It is saved, but check it on the provider’s site, or add a new one.`,
      limited: (provider: string) =>
        `${provider} knows this key, but asks to slow down. Check its limit or credit on the provider’s site.`,
      unreachable: (provider: string) =>
        `${provider} could not be reached, so the key is saved but not tested. Check your connection and test it again.`,
    } satisfies Record<KeyTest['outcome'], (provider: string) => string>,
  },
  addKey: {
    title: 'Add a key',
    provider: 'Provider',
    providerGroups: { common: 'Most used', others: 'All others' },
    noAccess: (provider: string) => ({
      message: `Chrome was not allowed to reach ${provider}, so the key was not saved.`,
      action: 'Press “Save key” again and allow it in Chrome’s window.',
    }),
    key: 'Key',
    name: 'Name',
    nameHint: 'Only you see this name.',
    keyPage: (provider: string) => `Get a key from ${provider}`,
    submit: 'Save key',
    busy: 'Saving and testing…',
    another: 'Add another key',
    done: 'Done',
    keyHint: 'It is encrypted at once. No site ever sees it.',
    refusals: {
      empty: 'Paste a key first.',
      valet: 'This is a valet key that ValetKey made for a site. Add the key of a provider here.',
      admin:
        'This key can change your whole account, so ValetKey does not keep it. Make an ordinary API key and add that one.',
      several:
        'There is more than one key in it. Paste one, or take them all in under Import and export.',
      spaces: 'A key has no spaces in it. Copy it again, from its first to its last character.',
    },
  },

  ownServer: OWN_SERVER_WORDS,

  welcome: {
    title: 'Your keys stay with you',
    text: 'ValetKey keeps your AI keys encrypted on this computer. Sites you allow get a harmless valet key, and never see yours.',
    step: (step: number, count: number) => `Step ${step} of ${count}`,
    passphraseTitle: 'Choose a passphrase',
    passphraseText:
      'Only you know it and nobody can reset it. Four or five unrelated words are easy to remember and hard to guess.',
    form: {
      passphrase: 'Passphrase',
      again: 'Passphrase again',
      submit: 'Create my vault',
      busy: 'Making your vault. This takes a moment.',
    },
    exists: 'Your vault is already here.',
    existsLocked: 'Your vault is already here. Unlock it to go on.',
  },
  newPassphrase: NEW_PASSPHRASE_WORDS,
  kit: KIT_WORDS,
  security: SECURITY_WORDS,
  recover: RECOVER_WORDS,
  firstKey: {
    title: 'Add your first key',
    nextTitle: 'Your vault is ready',
    skip: 'Later',
    stepsTitle: 'Then',
    pin: 'Pin ValetKey: press the puzzle piece beside the address bar, then the pin.',
    open: 'Open a web app that takes an API key, click the ValetKey icon and switch it on.',
    paste: 'Copy the valet key and paste it where the app asks for an API key.',
    close: 'You can close this tab.',
  },

  capture: CAPTURE_WORDS,
  pickUp: PICK_UP_WORDS,

  consent: {
    ...TERMS_WORDS,
    title: 'Let this site use your AI?',
    linkTitle: 'Let this app’s server use your AI?',
    lockedText: 'Unlock it to see what a site asks for. Until then nothing is allowed.',
    wants: (what: string) => `wants to ${what} with AI. It will never see your key.`,
    lookalike:
      'This address has letters that can pass for others. Allow it only if you typed it yourself.',
    says: (reason: string) => `It says: “${reason}”`,
    wouldSpend: (amount: string) =>
      `It would like up to ${amount}. You decide: what stands below is what it gets.`,
    noKeyFor: (providers: string) => `It works with ${providers}. You have no key for that yet.`,
    noKeyAtAll: 'You have no key yet that it could use.',
    addKey: 'Add a key',
    key: 'Key',
    keyOf: (provider: string) => `${provider} key`,
    manyKeys: (count: number) => `${count} keys`,
    poolHint:
      'Tick more than one, and ValetKey goes on with the next when the provider refuses one.',
    off: 'Off',
    may: 'It may',
    manyAbilities: (count: number) => `${count} things`,
    models: 'Models',
    anyModel: 'Any model',
    noModels: 'None',
    chosenModels: (count: number) => (count === 1 ? '1 model' : `${count} models`),
    spend: 'Spend at most',
    amount: 'Amount in dollars',
    window: 'Period',
    until: 'Until',
    today: 'the end of today',
    can: 'It can read what you give to the AI and what the AI answers.',
    canAlso: (what: string) => `It can ${what}.`,
    cannot: (what: string) => `It cannot ${what}.`,
    cannots: {
      files: 'upload files',
      images: 'make images',
      browse: 'make the AI open web addresses',
      account: 'change your account',
    },
    asksAbove: (amount: string) => `It asks you before a call that may cost more than ${amount}.`,
    asksAlways: 'It asks you before every call.',
    socketsDenied:
      'The browser was not allowed to reach the provider’s live connection. Press Allow again, or take “talk live” out.',
    codeTitle: 'Let this program use your AI?',
    link: {
      named: (name: string) => `“${name}”`,
      byCode: (from: string | null, server: string) =>
        `A program asks ${from === null ? '' : `from the address ${from} `}by the code you typed. It calls through ${server}, whenever ValetKey is open.`,
      unknown:
        'Anybody can give a program this name. If somebody sent you the code, press Don’t allow: they would use your AI.',
      saysSite: (site: string) => `It says that it belongs to ${site}. Nobody checked that.`,
      calls: (name: string, server: string) =>
        `Its server, registered as “${name}”, wants to call through ${server}, also while its page is closed.`,
      elsewhere:
        'Your vault is not synced there. If you allow it, ValetKey opens an account there for such apps alone, with nothing of your vault in it.',
      goesTo: (host: string) =>
        `Whatever you answer, your tab then goes back to ${host}. If you did not come from there, press Don’t allow.`,
      isKnown:
        'You let it in before. Your answer changes what it may do; what it spent already still counts.',
      otherSite: (registered: string, host: string) =>
        `It was registered for ${registered}, but sends you to ${host}. Allow it only if you know that ${host} belongs to it.`,
      plain: (server: string) => `Let ${server} read these calls`,
      sealedHint: (server: string) =>
        `Only the app’s server can read them. ${server} passes them on sealed.`,
      plainHint: (server: string) =>
        `${server} can then read what is asked and answered, and could make calls in the app’s name. Give it a small budget.`,
      cannotSeal: 'This app cannot seal its calls. Tick the box above, or press Don’t allow.',
    },
    callTitle: 'Allow this call?',
    wantsCall: (provider: string, model: string | null) =>
      model === null
        ? `asks for one call to ${provider}. It will never see your key.`
        : `asks for one call to ${provider} with ${model}. It will never see your key.`,
    deny: 'Don’t allow',
    once: 'For an hour',
    allow: 'Allow',
    needsKey: 'Choose at least one key, or press Don’t allow.',
    needsAbility: 'Choose at least one thing it may do, or press Don’t allow.',
    needsModel: 'Choose at least one model, or press Don’t allow.',
    needsAmount: 'Type an amount in dollars, like 5.00.',
    gone: {
      message: 'This question is already answered, or nobody answered it in time.',
      action: 'Nothing was allowed. Close this window and try again on the site.',
    },
    close: 'Close',
  },
} as const
