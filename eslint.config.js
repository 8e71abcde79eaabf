import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const noJsonParse = {
  selector: "CallExpression[callee.object.name='JSON'][callee.property.name='parse']",
  message:
    'Parse JSON with wallet/protocol/parse.ts: it returns unknown and never throws upstream text.',
}
const noClock = {
  selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
  message: 'Time is a port: take a Clock, so that tests can move it.',
}
const noRandom = {
  selector: "MemberExpression[object.name='Math'][property.name='random']",
  message: 'Randomness is a port, and Math.random is never good enough for it.',
}
const noEnum = { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' }
const noFetch = {
  name: 'fetch',
  message:
    'Only wallet/proxy/forward.ts, the way to the sync server and the page shim may reach the network.',
}

export default tseslint.config(
  {
    ignores: [
      '**/.output/**',
      '**/.wxt/**',
      '**/.cache/**',
      'sdk/dist/**',
      'sdk/agent/**',
      '**/node_modules/**',
      'coverage/**',
      '**/*.cjs',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          './wallet/tsconfig.test.json',
          './extension/tsconfig.json',
          './sdk/tsconfig.json',
          './sdk/tsconfig.test.json',
          './sdk/template/tsconfig.json',
          './sdk/type-tests/tsconfig.json',
          './sdk/type-tests/ai-sdk/tsconfig.json',
          './agent/tsconfig.json',
          './server/tsconfig.json',
          './tests/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: false }],
      'max-lines-per-function': ['error', { max: 70 }],
      'max-params': ['error', 4],
      'max-depth': ['error', 4],
      'no-console': 'error',
      'no-restricted-globals': ['error', noFetch],
      'no-restricted-syntax': ['error', noJsonParse, noRandom, noEnum],
    },
  },
  {
    files: ['wallet/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noJsonParse, noClock, noRandom, noEnum] },
  },
  {
    files: ['wallet/protocol/parse.ts'],
    rules: { 'no-restricted-syntax': ['error', noClock, noRandom, noEnum] },
  },
  {
    // It reads what the wallet made of an answer, and imports nothing of the wallet's.
    files: ['sdk/src/chat.ts', 'sdk/src/ai-sdk/*.ts', 'sdk/src/react/*.tsx'],
    rules: { 'no-restricted-syntax': ['error', noRandom, noEnum] },
  },
  {
    // One class, made where there is a browser; one function whose text runs in any page.
    files: ['sdk/src/button/index.ts', 'sdk/src/testing/index.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 140 }] },
  },
  {
    files: [
      'wallet/proxy/forward.ts',
      'extension/adapters/fetch-server.ts',
      'agent/src/adapters/fetch-server.ts',
      'extension/shim/**/*.ts',
    ],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['extension/**/*.tsx', 'sdk/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'max-lines-per-function': ['error', { max: 120 }],
    },
  },
  {
    files: [
      ...['**/*.test.ts', '**/*.test.tsx', 'tests/**/*.{ts,tsx}'],
      ...['wallet/testing/**/*.ts', 'server/src/testing/**/*.ts'],
    ],
    rules: {
      'max-lines': ['error', { max: 600 }],
      'max-lines-per-function': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-syntax': ['error', noEnum],
      // Functions are read off globals on purpose, to look at them or to call them inside a page.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
)
