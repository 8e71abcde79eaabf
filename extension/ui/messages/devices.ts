/** The words of the dashboard's Devices section, and of a device that joins. */
const changes = (count: number) => (count === 1 ? '1 change' : `${count} changes`)

export const DEVICE_WORDS = {
  server: {
    label: 'Server address',
    hint: 'For example https://sync.example.com, or http://localhost:8787 on this computer.',
    refusals: {
      empty: 'Type the address of your server.',
      unreadable: 'This is not an address. It looks like https://sync.example.com.',
      plain:
        'Elsewhere than on this computer it must be https. Anybody on the way could read along.',
      more: 'Only the address itself, without what follows the name.',
    },
    denied: {
      message: 'Your browser does not let ValetKey reach this server.',
      action: 'Try again, and allow it when the browser asks. Nothing was changed.',
    },
  },

  setUp: {
    title: 'Your vault on several devices',
    text: 'A server between your devices keeps their vaults in step. It holds only what is sealed: whoever runs it can read no key, no name and no limit.',
    own: 'You can run it yourself: one command in the folder of ValetKey.',
    command: 'npm run server',
    guide: 'How to keep it running is in docs/how-to/run-a-server.md.',
    open: 'Set up sync',
    explain:
      'You get a new recovery kit, as the kit names the server. Your passphrase is never sent.',
    submit: 'Set up sync',
    busy: 'Sealing your vault and sending it. This takes a moment.',
  },

  state: {
    title: 'Sync',
    at: (server: string) => `With ${server}`,
    inStep: 'In step with your other devices.',
    alone: 'Everything is at the server. No other device is in yet.',
    waiting: (count: number) => `${changes(count)} not sent yet.`,
    running: 'Syncing…',
    never: 'Not synced yet.',
    last: (moment: string) => `Last synced ${moment}.`,
    live: 'Changes arrive within seconds.',
    notLive: 'Changes arrive every few minutes.',
    now: 'Sync now',
  },

  problems: {
    offline: {
      message: (moment: string) => `The server has not been reached since ${moment}.`,
      action: 'ValetKey keeps trying. What you change stays here until then.',
    },
    out: {
      message: 'The server no longer lets this device in.',
      action:
        'Somebody may have removed it: look at the list on another device. To go on alone, stop syncing here.',
    },
    rollback: {
      message: 'The server shows an older vault than this device has seen.',
      action:
        'Do not enter anything. Look at another device first: if all is well there, the server lost something, and you can restore it from here.',
      restore: 'Restore the server from this device',
    },
    newer: {
      message: 'Another device uses a newer ValetKey.',
      action: 'Update ValetKey here. Until then nothing new comes in, and nothing is lost.',
    },
    conflict: {
      message: 'Another device changed something at the same moment.',
      action: 'Try again. Nothing was lost.',
    },
  },

  fresh: {
    message: 'Is this the newest state of your vault?',
    action:
      'This device was let in without another one, so it cannot tell. Open Devices on another device and compare this code.',
    code: 'Code of this device',
    same: 'The codes match',
    hint: 'If they differ, press “Sync now” on both. If they stay different, do not trust what you see here.',
  },
  codeText: 'Two devices in step show the same code.',
  silent: {
    message: 'No device has written for a long time.',
    action:
      'If you used another one lately, the server may be holding its changes back. Open Devices there and compare this code.',
  },
  recovered: {
    message: (date: string) => `Somebody fetched this vault with the recovery kit on ${date}.`,
    action:
      'If that was not you, make a new root key under Security, then make your provider keys anew.',
    open: 'Open Security',
  },

  list: {
    title: 'Devices',
    text: 'Each of these can open this vault.',
    unnamed: 'Device without a name',
    isThis: 'this device',
    added: (date: string) => `Added ${date}`,
    seen: (moment: string) => `last seen ${moment}`,
    rename: 'Rename',
    renameOf: (name: string) => `Rename ${name}`,
    name: 'Name',
    nameHint: 'Only your own devices see it.',
    nameMissing: 'Type a name.',
    saveName: 'Save the name',
    remove: 'Remove',
    removeOf: (name: string) => `Remove ${name}`,
    removeTitle: (name: string) => `Remove “${name}”?`,
    removeText:
      'It reads nothing that is written from now on. What it has already, it keeps: your provider keys as they are today. So everything is sealed anew, you get a new recovery kit, and then you make your provider keys anew.',
    removeSubmit: 'Remove it and seal everything anew',
    removeBusy: 'Removing it, and sealing everything anew. This takes a moment.',
    keep: 'Keep it',
    reissue:
      'The device you removed still has these keys. Make a new one at each provider, replace it here, then delete the old one there.',
  },

  add: {
    title: 'Add a device',
    text: 'Install ValetKey there, choose “I use ValetKey on another device”, and type the code it shows.',
    open: 'Add a device',
    code: 'Code on the other device',
    codeHint: 'Eight letters and digits. Capitals and dashes do not matter.',
    codeWrong: 'A code has eight letters and digits.',
    submit: 'Go on',
    busy: 'Waiting for the other device…',
    passphraseHint: 'Asked again: who finds your vault open must not add a device of their own.',
    compare: 'Are these the words on the other device?',
    compareText: 'All six, in this order. If one differs, somebody is between the two.',
    same: 'They match',
    sameBusy: 'Handing over your vault…',
    differ: 'They differ',
    done: {
      message: 'The other device has your vault now.',
      action: 'It is in the list above. There you give it a name.',
    },
    refused: {
      message: 'The other device was not let in.',
      action: 'Nothing was sent. Try again in another network, or use the recovery kit there.',
    },
    notFound: {
      message: 'No device is waiting with this code.',
      action: 'Compare it with the other device. A code works once, for five minutes.',
    },
  },
  sixWords: 'Six words',

  more: {
    move: {
      title: 'Move to another server',
      text: 'Your vault goes to another server, with a new recovery kit. Your other devices stay at the old one until you add them again.',
      open: 'Move',
      submit: 'Move there',
      busy: 'Moving your vault. This takes a moment.',
    },
    restore: {
      title: 'Restore the server from this device',
      text: 'If the server lost or forgot something, it gets what this device has. Changes of other devices that never came here are lost there too.',
      open: 'Restore the server',
      explain:
        'First look at your other devices: do this on the one that has the most. You get a new recovery kit.',
      submit: 'Restore the server',
      busy: 'Sending everything anew. This takes a moment.',
    },
    stop: {
      title: 'Stop syncing here',
      text: 'This device keeps its vault and goes on alone. The account and your other devices stay as they are.',
      open: 'Stop syncing here…',
      question: 'Stop syncing here? Changes no longer come in from your other devices, or go out.',
      yes: 'Stop syncing',
      no: 'Keep syncing',
    },
    remove: {
      title: 'Delete the account',
      text: 'Everything at the server goes. Every device keeps what it has, and goes on alone.',
      open: 'Delete the account…',
      explain: 'Nothing brings it back from the server afterwards. Save a backup first.',
      submit: 'Delete the account',
      busy: 'Deleting…',
    },
    exportAll: {
      title: 'Take everything with you',
      text: 'Under “Import and export” you save an encrypted backup of everything, or your keys as a .env file or CSV table. Under “Usage” you save what was used.',
      open: 'Import and export',
      usage: 'Usage',
    },
  },

  after: {
    title: 'Your new kit is in force',
    text: 'The step after it did not work. Try it again under Devices: you then get another kit.',
    done: 'Go on',
  },

  join: {
    offer: 'I use ValetKey on another device',
    title: 'Bring your vault to this device',
    text: 'How do you want to get in?',
    ways: {
      pair: {
        title: 'With my other device',
        text: 'The safest way. It is at hand, and its vault is open.',
      },
      kit: {
        title: 'With passphrase and recovery kit',
        text: 'The other device is not at hand.',
      },
      recover: {
        title: 'With the recovery kit alone',
        text: 'I forgot my passphrase. Everything is made new.',
      },
    },
    other: 'Another way in',
    account: 'Account',
    accountHint: 'It stands on your recovery kit.',
    missing: 'Type the account of your kit first.',
    wrong: {
      message: 'These do not open an account at this server.',
      action: 'Compare each of them with your recovery kit. Nothing was changed.',
    },
    kit: {
      title: 'With passphrase and recovery kit',
      text: 'Server, account and Secret Key stand on the kit.',
      missing: 'Fill in every box first.',
      submit: 'Bring my vault here',
      busy: 'Fetching your vault. This takes a moment.',
    },
    recover: {
      title: 'With the recovery kit alone',
      text: 'Passphrase, Secret Key and recovery key are made new. Your other devices are told, and ask for the new passphrase.',
      form: {
        passphrase: 'New passphrase',
        again: 'New passphrase again',
        submit: 'Bring my vault here',
        busy: 'Fetching your vault and sealing everything anew. This takes a moment.',
      },
    },
    done: {
      title: 'Your vault is on this device',
      pair: 'It is in step with your other devices. Your passphrase opens it here too.',
      recover:
        'Your new passphrase opens it. Look at the list under Devices, and remove what is not yours any more.',
      kit: 'Your passphrase opens it here too. Compare the code under Devices with another device, so that you know it is the newest state.',
      open: 'Open the dashboard',
    },
  },

  pair: {
    title: 'Pair with your other device',
    serverText: 'The server your other device syncs with. It stands there under Devices.',
    begin: 'Show a code',
    beginBusy: 'Asking the server…',
    codeTitle: 'Type this code on your other device',
    codeText: 'There: Dashboard, Devices, “Add a device”.',
    left: (time: string) => `${time} left`,
    over: {
      message: 'The time of this code is over.',
      action: 'Get a new one when the other device is at hand.',
    },
    again: 'New code',
    elsewhere: {
      message: 'A code was shown in another window.',
      action: 'Type it on your other device, or get a new one here.',
    },
    wordsTitle: 'Are these the words on the other device?',
    wordsText: 'If all six are the same, press “They match” on both. If one differs, cancel here.',
    waiting: 'Confirm on the other device…',
    cancel: 'Cancel',
    failed: {
      message: 'The devices were not paired.',
      action: 'Either side said no, or the time was over. Nothing was handed over. Try again.',
    },
  },

  errors: {
    unreachable: {
      message: 'The server could not be reached.',
      action: 'Check its address and your connection, then try again.',
    },
    closed: {
      message: 'This server takes no new accounts.',
      action: 'Ask who runs it, or take another server.',
    },
    tampered: {
      message: 'What one device told the other was changed on its way.',
      action: 'Nothing was handed over. Check the server’s address on both, and pair anew.',
    },
    tooOften: {
      message: 'Too many tries in a short time.',
      action: 'Wait five minutes, then try again.',
    },
  },
} as const
