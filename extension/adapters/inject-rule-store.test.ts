import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Grant } from '@valetkey/wallet/protocol'
import type { InjectRule } from '@valetkey/wallet/proxy'
import { providerById } from '@valetkey/wallet/providers'
import { injectRuleStore } from './inject-rule-store.ts'

type Rule = chrome.declarativeNetRequest.Rule

let rules: Rule[] = []
beforeEach(() => {
  rules = [{ id: 1, action: { type: 'block' }, condition: {} }]
  vi.stubGlobal('chrome', {
    declarativeNetRequest: {
      getSessionRules: () => Promise.resolve(rules),
      isRegexSupported: ({ regex }: { regex: string }) =>
        Promise.resolve({ isSupported: !regex.includes('(?!') }),
      updateSessionRules: ({
        addRules,
        removeRuleIds,
      }: {
        addRules: Rule[]
        removeRuleIds: number[]
      }) => {
        rules = [...rules.filter(({ id }) => !removeRuleIds.includes(id)), ...addRules]
        return Promise.resolve()
      },
    },
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

function ruleFor(name: 'openai' | 'google', addressPattern = '^https://host/path$'): InjectRule {
  const [endpoint] = providerById(name).endpoints.filter(({ method }) => method === 'POST')
  if (!endpoint) throw new TypeError('no endpoint')
  return {
    ...{ grant: {} as Grant, origin: 'https://app.example.test', provider: name, endpoint },
    ...{ keyId: 'key' as InjectRule['keyId'], host: 'host', addressPattern },
    header: { name: name === 'google' ? 'x-goog-api-key' : 'authorization', value: 'secret' },
    removesKeyParam: name === 'google',
  }
}

describe('the rules the browser gets', () => {
  it('name app, host, address and method, and take every other credential away', async () => {
    await injectRuleStore.replace([ruleFor('openai')], () => true)

    expect(rules.slice(1)).toEqual([
      {
        id: 1000,
        condition: {
          initiatorDomains: ['app.example.test'],
          topDomains: ['app.example.test'],
          requestDomains: ['host'],
          regexFilter: '^https://host/path$',
          isUrlFilterCaseSensitive: true,
          requestMethods: ['post'],
          resourceTypes: ['xmlhttprequest'],
        },
        action: {
          type: 'modifyHeaders',
          requestHeaders: [
            { header: 'authorization', operation: 'set', value: 'secret' },
            { header: 'x-api-key', operation: 'remove' },
            { header: 'x-goog-api-key', operation: 'remove' },
            { header: 'api-key', operation: 'remove' },
          ],
        },
      },
    ])
  })

  it('take ?key= out of an address, and never put anything in', async () => {
    await injectRuleStore.replace([ruleFor('google')], () => true)

    expect(rules[2]?.action).toEqual({
      type: 'redirect',
      redirect: { transform: { queryTransform: { removeParams: ['key'] } } },
    })
  })

  it('replace those before them, leave others alone, and skip what the browser cannot read', async () => {
    await injectRuleStore.replace([ruleFor('openai'), ruleFor('openai')], () => true)
    await injectRuleStore.replace([ruleFor('openai', '(?!a)'), ruleFor('openai')], () => true)
    expect(rules.map(({ id }) => id)).toEqual([1, 1000])
    await injectRuleStore.replace([], () => true)
    expect(rules.map(({ id }) => id)).toEqual([1])
    await injectRuleStore.replace([ruleFor('openai')], () => false)
    expect(rules.map(({ id }) => id)).toEqual([1])
  })
})
