import { PassThrough, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createTerminal, printable } from './terminal.ts'

function createScreen(isTTY: boolean) {
  const raw: boolean[] = []
  const input = Object.assign(new PassThrough(), {
    isTTY,
    setRawMode: (on: boolean) => void raw.push(on),
  })
  let shown = ''
  const screen = new Writable({
    write(bytes: Buffer, _, done) {
      shown += bytes.toString('utf8')
      done()
    },
  })
  const terminal = createTerminal(input, screen, screen)
  return {
    terminal,
    type: (text: string) => void input.write(text),
    input,
    raw,
    shown: () => shown,
  }
}

describe('at a terminal', () => {
  it('shows nothing of a secret that is typed, and takes the terminal’s own echo away', async () => {
    const { terminal, type, raw, shown } = createScreen(true)
    type('quiet harbor\u007fur\r')

    expect(await terminal.askSecret('Passphrase:')).toBe('quiet harbour')
    expect(shown()).toBe('Passphrase: \n')
    expect(raw).toEqual([true, false])
  })

  it('shows an answer that is none', async () => {
    const { terminal, type, shown } = createScreen(true)
    type(' yes\r')

    expect(await terminal.ask('Use it?')).toBe('yes')
    expect(shown()).toBe('Use it?  yes\n')
  })

  it('stops at Ctrl-C and gives the terminal back', async () => {
    const { terminal, type, raw } = createScreen(true)
    type('abc\u0003')

    await expect(terminal.askSecret('Passphrase:')).rejects.toThrow('Stopped.')
    expect(raw).toEqual([true, false])
  })
})

describe('at a pipe', () => {
  it('takes a line an answer, however they come', async () => {
    const { terminal, type, input, raw } = createScreen(false)
    type('one\ntw')

    expect(await terminal.ask('1')).toBe('one')
    const second = terminal.askSecret('2')
    type('o\n')
    expect(await second).toBe('two')
    input.end()
    await expect(terminal.ask('3')).rejects.toThrow('The input ended')
    expect(raw).toEqual([])
  })
})

it('C112: a client’s text moves no cursor and turns no line around', () => {
  expect(printable('gpt\u001b[2J\r\nAllow?\u202e\u0007 ü🌦')).toBe('gpt?[2J??Allow??? ü🌦')
})
