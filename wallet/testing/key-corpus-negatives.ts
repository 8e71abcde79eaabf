/** Texts in which nothing may be found: masked keys, placeholders, other vendors' secrets, names, numbers. */

interface CorpusNegative {
  /** For `createDraw`. */
  readonly template: string
  readonly host?: string
}

const MARK = ['T3Blb', 'kFJ'].join('')
const UUID = '{H8}-{H4}-4{H3}-a{H3}-{H12}'
/** Parts put together here, so that no scanner takes the source for a leak. */
const STRIPE = ['sk', 'live_51'].join('_')

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz'

const MASKED = ['...', '…', '********************', '••••••••'].flatMap((mask) => [
  `sk-proj-{A6}${mask}{A4}`,
  `sk-ant-api03-{A8}${mask}{A4}`,
  `gsk_{A4}${mask}{A4}`,
  `AIzaSy{A3}${mask}{A4}`,
  `csk-{l4}${mask}{l4}`,
  // The part that is shown may be as long as a key of another form.
  `sk-{H32}${mask}`,
  `${mask}{A32}`,
])

const PLACEHOLDERS = [
  `sk-${'x'.repeat(48)}`,
  `sk-proj-${'x'.repeat(74)}${MARK}${'x'.repeat(74)}`,
  'sk-proj-YOUR_API_KEY_HERE',
  'sk-1234567890abcdef1234567890abcdef',
  `sk-ant-api03-${'x'.repeat(93)}AA`,
  `AIzaSy${'a'.repeat(33)}`,
  `AIzaSy${ALPHABET}1234567`,
  `gsk_${'x'.repeat(52)}`,
  'gsk_your_key_here',
  `sk-or-v1-${'0'.repeat(64)}`,
  `r8_${'*'.repeat(37)}`,
  `nvapi-${'x'.repeat(64)}`,
  `csk-${'a'.repeat(48)}`,
  `sk_${'0'.repeat(48)}`,
  '<YOUR_OPENAI_API_KEY>',
  '$OPENAI_API_KEY',
  'process.env.OPENAI_API_KEY',
  '{{ANTHROPIC_API_KEY}}',
  'pa-the-longest-name-of-a-class-that-is-possible',
]

const OTHER_VENDORS = [
  `${STRIPE}{A97}`,
  'pk_live_{A24}',
  'AKIA{C16}',
  '{B39}=',
  'xoxb-{D12}-{D12}-{A24}',
  'SG.{U22}.{U43}',
  'npm_{A36}',
  'sb_secret_{U31}',
  'glpat-{A20}',
  'lin_api_{A40}',
  'ya29.{U120}',
  '{D12}-{l32}.apps.googleusercontent.com',
  'GOCSPX-{U28}',
  'eyJ{A33}.eyJ{A80}.{A43}',
]

const NAMES_AND_NUMBERS = [
  UUID,
  `${UUID}:${UUID}`,
  '{H32}',
  '{H40}',
  '{H64}',
  'sha384-{B64}',
  'sha256:{H64}',
  'v1.2.3+{H40}',
  '0x{H40}',
  'data:image/png;base64,iVBORw0KGgo{B400}=',
  '{A120}AIza{A120}',
  `{B60}${MARK}{B60}`,
  'x{A10}gsk_{A52}{A10}',
  'gsk_{A80}',
  'gsk_{A30}',
  'GSK_{A52}',
  'sk-ant-api03-{U93}BB',
  'sk-ant-api03-{U47}',
  'hf_requiredCharacteristicTypesForDisplayMetadata',
  'mdc-button__label pa-4 ma-2 sk-circle-fade-dot sk-chase-dot',
  'proj_{A24}',
  'chatcmpl-{A29}',
  'msg_01{A22}',
  'resp_{H50}',
  'Keys beginning with sk-ant-api03 are API keys; sk-ant-admin01 are admin keys.',
  'apiKey: "AIzaSy{U33}", authDomain: "app.firebaseapp.com"',
]

const ON_A_DASHBOARD: readonly CorpusNegative[] = [
  { template: 'https://cdn.example.com/{H32}/app.{H20}.js', host: 'console.mistral.ai' },
  { template: '{s32}', host: 'console.mistral.ai' },
  { template: '{D32}', host: 'console.mistral.ai' },
  { template: '{s10}.{H32}.chunk.css', host: 'elevenlabs.io' },
  { template: 'internationalizationconfigurationmanager', host: 'dashboard.cohere.com' },
  { template: '0'.repeat(40), host: 'console.deepgram.com' },
  { template: `${STRIPE}{A97}`, host: 'novita.ai' },
  { template: 'AIzaSy{U33}', host: 'platform.openai.com' },
  { template: '{H32}', host: 'platform.openai.com' },
]

export const CORPUS_NEGATIVES: readonly CorpusNegative[] = [
  ...[...MASKED, ...PLACEHOLDERS, ...OTHER_VENDORS, ...NAMES_AND_NUMBERS].map((template) => ({
    template,
  })),
  ...ON_A_DASHBOARD,
]
