import type { Mutant } from './mutant.ts'

const FILE = 'tests/attack/leftovers.test.ts'
const PORTS = 'extension/background/page-ports.test.ts'

/** What a killed worker, a lock or a site that was switched off leaves in the browser. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C115',
    removes: 'rules that are not ours go when the worker starts',
    file: 'extension/adapters/origin-rule.ts',
    find: 'removeRuleIds: left.map(({ id }) => id)',
    replace: 'removeRuleIds: left.map(({ id }) => id).filter((id) => id === STRIP_ORIGIN_RULE_ID)',
    test: { project: 'attack', file: FILE, title: 'C115: a rule a killed worker left' },
  },
  {
    attack: 'C115',
    removes: 'scripts of sites nobody approved go when the worker starts',
    file: 'extension/adapters/site-scripts.ts',
    find: '!wanted.some(({ id }) => id === script.id)',
    replace: 'script.id === null',
    test: { project: 'attack', file: FILE, title: 'C115: scripts a killed worker left' },
  },
  {
    attack: 'C115',
    removes: 'a new version drops the rules of the one before',
    file: 'extension/background/start.ts',
    find: '    closeStorageToContentScripts(),\n    resetRules(),\n',
    replace: '    closeStorageToContentScripts(),\n    Promise.resolve(resetRules),\n',
    test: { project: 'attack', file: FILE, title: 'C115: an update starts locked' },
  },
  {
    attack: 'C115',
    removes: 'an update locks the vault',
    file: 'extension/background/updates.ts',
    find: '    await lock().catch(() => undefined)\n',
    replace: '    void lock\n',
    test: {
      project: 'unit',
      file: 'extension/background/updates.test.ts',
      title: 'C115: locks the vault before it starts',
    },
  },
  {
    attack: 'C115',
    removes: 'a lock takes the rules with it',
    file: 'extension/background/compose.ts',
    find: 'pages.waitFor(Promise.allSettled([resetRules()]))',
    replace: '',
    test: { project: 'attack', file: FILE, title: 'C115: a lock takes every rule' },
  },
  {
    attack: 'C115',
    removes: 'a lock ends the calls under way',
    file: 'extension/background/compose.ts',
    find: "pages.abortCalls(undefined, 'vault.locked')",
    replace: '',
    test: { project: 'attack', file: FILE, title: 'C115: a lock takes every rule' },
  },
  {
    attack: 'C115',
    removes: 'a site that is switched off loses its calls under way',
    file: 'extension/background/compose.ts',
    find: "wallet.pages.abortCalls(origin, status === 'paused' ? 'grant.paused' : 'grant.revoked')",
    replace: '',
    test: { project: 'attack', file: FILE, title: 'C115: a site that is switched off' },
  },
  {
    attack: 'C115',
    removes: 'a site that is switched off loses its scripts',
    file: 'extension/adapters/site-scripts.ts',
    find: '!wanted.some(({ id }) => id === script.id)',
    replace: 'script.id === null',
    test: { project: 'attack', file: FILE, title: 'C115: a site that is switched off' },
  },
  {
    attack: 'C115',
    removes: 'nothing is served before what was left behind is gone',
    file: 'extension/background/page-ports.ts',
    find: 'await this.#ready\n',
    replace: '',
    test: { project: 'unit', file: PORTS, title: 'serves nothing before everything' },
  },
  {
    attack: 'C115',
    removes: 'a later wait does not end an earlier one',
    file: 'extension/background/page-ports.ts',
    find: 'this.#ready = Promise.all([this.#ready, ready])',
    replace: 'this.#ready = ready',
    test: { project: 'unit', file: PORTS, title: 'serves nothing before everything' },
  },
]
