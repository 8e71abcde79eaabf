/** The words of the dashboard's page for people who build apps. */
export const DEVELOPER_WORDS = {
  about:
    'Apps of yours that use AI by other people’s wallets, from a server or as a program. Each is known here by its client ID.',
  noServer: 'Apps are registered at the server your vault is synced with.',
  noServerHint: 'Sync this vault with a server first. The apps you register there stand here then.',
  toDevices: 'Set up a server',
  at: (host: string) => `Your server: ${host}`,
  list: 'Apps you build',
  empty: 'You have registered no app yet.',
  emptyHint: 'Register one to get its client ID, and the secret its server shows.',
  register: 'Register an app',
  back: 'All apps you build',
  gone: 'This app is not here any more',
  goneHint: 'Choose another one from the list.',
  states: { on: 'on', stopped: 'stopped' },
  noSite: 'a program, without a site',
  kind: 'What kind of app is it?',
  kinds: { server: 'It has a server', program: 'A program' },
  kindHints: {
    server: 'It gets a secret, which only its server may know.',
    program: 'It runs on people’s own machines, where nothing stays secret: it gets none.',
  },

  form: {
    title: 'Register an app',
    name: 'Name',
    nameHint: 'People read it when your app asks them. Three letters or more.',
    site: 'Site',
    siteHint: 'Where your pages are. Only they can ask people to link their wallet.',
    siteHintProgram: 'Leave it empty if it has none.',
    redirects: 'Redirect addresses, for OAuth',
    redirectsHint:
      'One a line, exactly as your app sends them. Leave it empty if you do not use OAuth.',
    submit: 'Register',
    save: 'Save the change',
    busy: 'Saving…',
    wrong: {
      name: 'Give it a name of three to 255 letters.',
      siteEmpty: 'Type the address of its pages, such as https://notes.example.',
      site: 'This is no address of a site: it begins with https://, or is on this computer.',
      redirects: (line: string) =>
        `“${line}” cannot be used: https, http on this computer, or a scheme of your own, without # and *.`,
      tooMany: 'At most 20 addresses.',
    },
  },

  registered: 'Registered.',
  secretOnce:
    'This is its secret. It is shown this once: keep it on your server, and nowhere else.',
  noSecret: 'A program has no secret. It is known by its client ID alone.',
  renewed: 'The secret before no longer works. This one is shown this once.',
  secretDone: 'I have kept it',
  ids: 'What it is known by',
  clientId: 'Client ID',
  secret: 'Secret',
  secretKept: 'Shown once, when it was made.',
  renew: 'Make a new secret',
  renewQuestion:
    'Make a new secret? The one your server has stops working at once, and every call it makes fails until it has the new one.',
  renewYes: 'Make a new one',
  renewNo: 'Keep the one there is',

  facts: 'What you said of it',
  factNames: { site: 'Site', redirects: 'Redirects', added: 'Registered', kind: 'Kind' },
  none: 'none',
  change: 'Change',
  saved: 'Saved.',

  keys: 'Keys for sealed calls',
  keysText: 'Sealed, no server in between reads what your app asks. Wallets read its keys here:',
  keysFound: (count: number) =>
    count === 1 ? 'One key is named there now.' : `${count} keys are named there now.`,
  keysNone: 'No key that can be used was found there.',
  keysNoneHint:
    'Until there is one, people can only allow calls that the server between can read, with a smaller limit.',

  usage: 'Used in the last 30 days',
  usageNone: 'Nobody’s wallet made a call for it.',
  usageNames: {
    date: 'Day',
    requests: 'Calls',
    failed: 'Failed',
    input: 'In',
    output: 'Out',
    cost: 'Cost',
  },
  usageTotal: 'Together',
  usageHint:
    'Text pieces in and out, and cost, are there as far as people share them. Bill nobody by them.',

  control: 'Control',
  stop: 'Stop this app',
  stopQuestion:
    'Stop it? Nobody’s wallet answers it any more, and people have to let it in again once you start it.',
  stopYes: 'Stop it',
  stopNo: 'Leave it on',
  start: 'Start it again',
  stopped: 'It is stopped: nobody’s wallet answers it.',
  remove: 'Delete',
  removeQuestion: (name: string) =>
    `Delete “${name}”? What people allowed it ends, and its client ID never works again.`,
  removeYes: 'Delete it',
  removeNo: 'Keep it',
} as const
