import { describe, expect, it } from 'vitest'
import { Access, isLoopback } from '../../../main/hosts/server/access.ts'
import { exposure } from '../../../main/hosts/server/serve.ts'

describe('a server that others can reach', () => {
  const access = new Access('0.0.0.0', 4321)
  it.each(['192.168.1.5:4321', '[fe80::1]:4321', 'localhost:4321'])('is known as %s', host => {
    expect(access.knowsHost({ host })).toBe(true)
  })
  it.each(['evil.example:4321', '1.2.3.4.evil.example', 'user@192.168.1.5', '[evil]', '[::1', ''])(
    'is not known as "%s", which an attacker can choose',
    host => {
      expect(access.knowsHost({ host })).toBe(false)
    },
  )
  it('says plainly what that means', () => {
    expect(exposure('0.0.0.0', 4321)).toMatch(
      /whoever opens the URL can use the workbench as you:.*read whatever videos, captions, tables and checkpoints.*start jobs.*exports below the export folder.*cannot name programs.*not encrypted.*ssh -L 4321:localhost:4321/,
    )
    expect(exposure('127.0.0.1', 4321)).toBeNull()
  })
})

it.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.evil.example', false],
  ['192.168.1.5', false],
])('%s is loopback: %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback)
})

it('every server has its own token and cookie', () => {
  const [one, other] = [new Access('127.0.0.1', 1), new Access('127.0.0.1', 2)]
  const token = one.newToken()
  expect(other.newToken()).not.toBe(token)
  expect(other.spendToken(token)).toBe(false)
  expect(one.spendToken(token)).toBe(true)
  expect(other.hasCookie({ cookie: one.cookie.split(';')[0] })).toBe(false)
  expect(one.hasCookie({ cookie: `theme=dark; ${one.cookie.split(';')[0]}` })).toBe(true)
})

it('whoever is in stays in when a server starts again with the same session, and nobody else comes in', () => {
  const [before, after, other] = ['secret', 'secret', 'another'].map(session => new Access('127.0.0.1', 1, session))
  const cookie = before?.cookie.split(';')[0]
  expect(after?.hasCookie({ cookie })).toBe(true)
  expect(other?.hasCookie({ cookie })).toBe(false)
  expect(new Access('127.0.0.1', 1).hasCookie({ cookie })).toBe(false)
})

it('a token is good for one browser, and of unused ones the newest few', () => {
  const access = new Access('127.0.0.1', 1)
  const [first, ...others] = Array.from({ length: 9 }, () => access.newToken())
  expect(access.spendToken(first ?? '')).toBe(false)
  for (const token of others) expect([access.spendToken(token), access.spendToken(token)]).toEqual([true, false])
})
