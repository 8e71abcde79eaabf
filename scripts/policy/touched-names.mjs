// What a piece of JavaScript can reach beyond its own variables: the names of the browser it touches.
import { analyze } from 'eslint-scope'
import { parseAst } from 'vite'

/** With these a dependency could read, send, keep or run something. Whole names, as they are reported. */
const WATCHED = new Set([
  // the extension's own powers
  ...['chrome', 'browser'],
  // the network, and what loads an address
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'WebSocketStream', 'WebTransport', 'EventSource'],
  ...['RTCPeerConnection', 'Image', 'Audio', 'FontFace', 'Worker', 'SharedWorker', 'importScripts'],
  ...['open', 'location', 'navigation', 'history'],
  // code from text
  ...['eval', 'Function', 'WebAssembly', 'trustedTypes'],
  // what stays
  ...['indexedDB', 'localStorage', 'sessionStorage', 'caches', 'cookieStore'],
  // the page, other pages and other programs
  ...['document', 'customElements', 'navigator', 'Notification', 'BroadcastChannel'],
  ...['MessageChannel', 'postMessage', 'opener'],
])

/** Names of the object all of these hang on. */
const GLOBAL_OBJECTS = new Set([
  'globalThis',
  'window',
  'self',
  'global',
  'frames',
  'top',
  'parent',
])

/** Run what they are given, if it is text. */
const TIMERS = new Set(['setTimeout', 'setInterval'])

/**
 * The watched names a module touches, in order. `globalThis[…]` stands for the global object as a whole:
 * handed on, or asked for a name that only running it would tell. `typeof name` touches nothing.
 * @param {string} code of one module
 * @throws if it is no JavaScript
 */
export function touchedNames(code) {
  const program = parseAst(code)
  const parents = parentsIn(program)
  const touched = new Set()
  for (const node of parents.keys()) {
    const name = touchedByNode(node)
    if (name !== null) touched.add(name)
  }
  for (const identifier of freeIdentifiers(program)) {
    const name = touchedByName(identifier, parents)
    if (name !== null) touched.add(name)
  }
  return [...touched].sort()
}

/** What needs no free name: loading an address, and functions made of text. */
function touchedByNode(node) {
  if (node.type === 'ImportExpression') return isOwnFile(node.source) ? null : 'import(…)'
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null
  const { callee } = node
  if (propertyOf(callee) !== 'constructor') return null
  const { object } = callee
  // `(() => {}).constructor('…')` and `x.constructor.constructor('…')` are `Function`.
  const isFunction = /Function/.test(object.type) || propertyOf(object) === 'constructor'
  return isFunction ? 'Function' : null
}

/** A file of the bundle: its address is relative and known now. */
function isOwnFile(source) {
  return (
    source.type === 'Literal' && typeof source.value === 'string' && /^\.{1,2}\//.test(source.value)
  )
}

function touchedByName(identifier, parents) {
  const { name } = identifier
  const parent = parents.get(identifier)
  if (parent?.type === 'UnaryExpression' && parent.operator === 'typeof') return null
  if (GLOBAL_OBJECTS.has(name)) return touchedByGlobalObject(identifier, parents)
  if (TIMERS.has(name)) return runsText(identifier, parent) ? 'eval' : null
  return WATCHED.has(name) ? withMember(name, identifier, parents) : null
}

function touchedByGlobalObject(identifier, parents) {
  const member = parents.get(identifier)
  const isAsked = member?.type === 'MemberExpression' && member.object === identifier
  const name = isAsked ? propertyOf(member) : null
  if (name === null) return 'globalThis[…]'
  if (GLOBAL_OBJECTS.has(name)) return touchedByGlobalObject(member, parents)
  const outer = parents.get(member)
  if (outer?.type === 'UnaryExpression' && outer.operator === 'typeof') return null
  return WATCHED.has(name) ? withMember(name, member, parents) : null
}

/** `navigator` alone says little: `navigator.sendBeacon` is one thing, `navigator.language` another. */
function withMember(name, node, parents) {
  if (name !== 'navigator') return name
  const member = parents.get(node)
  const isAsked = member?.type === 'MemberExpression' && member.object === node
  return isAsked ? `navigator.${propertyOf(member) ?? '[…]'}` : 'navigator.[…]'
}

function runsText(identifier, call) {
  return (
    call?.type === 'CallExpression' &&
    call.callee === identifier &&
    ['Literal', 'TemplateLiteral', 'BinaryExpression'].includes(call.arguments[0]?.type)
  )
}

/** The name a member expression asks for, if it is written there. */
function propertyOf(node) {
  if (node?.type === 'ChainExpression') return propertyOf(node.expression)
  if (node?.type !== 'MemberExpression') return null
  if (!node.computed) return node.property.name ?? null
  return node.property.type === 'Literal' ? String(node.property.value) : null
}

/** Identifiers that no variable of the module declares. */
function freeIdentifiers(program) {
  const scopes = analyze(program, { ecmaVersion: 2022, sourceType: 'module' })
  return scopes.globalScope.through.map((reference) => reference.identifier)
}

/**
 * Every node, and the one it stands in; parentheses and `?.` count for nothing. Gives nodes the `range` by
 * which eslint-scope tells what stands before what.
 */
function parentsIn(program) {
  const parents = new Map()
  const visit = (node, parent) => {
    node.range = [node.start, node.end]
    if (node.type !== 'ChainExpression' && node.type !== 'ParenthesizedExpression') {
      parents.set(node, parent)
    }
    const within = parents.has(node) ? node : parent
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child?.type === 'string') visit(child, within)
      }
    }
  }
  visit(program, null)
  return parents
}
