/** What the button says, by language. English where there is none. */
export interface ButtonWords {
  readonly connect: string
  readonly install: string
  readonly asking: string
  readonly connected: string
  readonly locked: string
  readonly paused: string
}

const ENGLISH: ButtonWords = {
  connect: 'Connect AI',
  install: 'Get ValetKey to connect AI',
  asking: 'Answer in the ValetKey window…',
  connected: 'AI connected',
  locked: 'Unlock ValetKey',
  paused: 'ValetKey is paused',
}

const WORDS: Readonly<Partial<Record<string, ButtonWords>>> = {
  de: {
    connect: 'KI verbinden',
    install: 'Mit ValetKey KI verbinden',
    asking: 'Im ValetKey-Fenster antworten …',
    connected: 'KI verbunden',
    locked: 'ValetKey entsperren',
    paused: 'ValetKey pausiert',
  },
  es: {
    connect: 'Conectar IA',
    install: 'Instalar ValetKey para conectar IA',
    asking: 'Responde en la ventana de ValetKey…',
    connected: 'IA conectada',
    locked: 'Desbloquear ValetKey',
    paused: 'ValetKey está en pausa',
  },
  fr: {
    connect: 'Connecter l’IA',
    install: 'Installer ValetKey pour connecter l’IA',
    asking: 'Répondez dans la fenêtre ValetKey…',
    connected: 'IA connectée',
    locked: 'Déverrouiller ValetKey',
    paused: 'ValetKey est en pause',
  },
}

/** @param language a BCP 47 tag, `de-AT` */
export function wordsFor(language: string): ButtonWords {
  const [base = ''] = language.toLowerCase().split('-')
  return WORDS[base] ?? ENGLISH
}
