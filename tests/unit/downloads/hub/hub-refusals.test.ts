import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serve, status } from '../../../support/file-server.ts'
import type { Answer } from '../../../support/file-server.ts'
import { filesOf } from '../../../support/hub.ts'
import type { HubRepository } from '../../../support/hub.ts'
import { hubDownloadBench, id, name, token } from './hub-download-bench.ts'

const bench = hubDownloadBench()

describe('the token', () => {
  it('goes to the hub and nowhere else, and into no sentence, job or file', async () => {
    bench.environment.HF_TOKEN = token
    bench.stand.repositories.set(name, { ...bench.usual, readers: [token] })
    expect((await bench.bring()).state).toBe('succeeded')
    expect(new Set(bench.stand.hub.requests.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer ${token}`]),
    )
    expect(bench.stand.content.requests.length).toBeGreaterThan(0)
    expect(bench.stand.content.requests.map(({ headers }) => headers.authorization).filter(Boolean)).toEqual([])

    bench.environment.HF_TOKEN = `${token}_wrong`
    const { problem } = await bench.bring(`${id}@other`)
    const kept = filesOf(bench.workspace)
    for (const text of [problem ?? '', JSON.stringify(bench.jobs.list()), ...[...kept.values()].map(String)]) {
      expect(text).not.toContain(token)
    }
  })
})

describe('what the hub refuses', () => {
  it.each<[string, Partial<HubRepository> | null, string | null, RegExp]>([
    ['a misspelt name', null, null, /has no public model tester\/tiny-clip: check the spelling/],
    ['a misspelt name, with a token', null, token, /has no model tester\/tiny-clip/],
    ['a private model', { readers: [token] }, null, /HF_TOKEN to a token from .* if it is a private one/],
    ['a private model of somebody else', { readers: ['another'] }, token, /has no model tester\/tiny-clip/],
    [
      'a licence',
      { readers: [token], gated: true },
      null,
      /asks you to accept its licence first: sign in at https:\/\/huggingface\.co\/tester\/tiny-clip/,
    ],
    [
      'a licence that this account has not accepted',
      { readers: ['another'], gated: true },
      token,
      /The account of HF_TOKEN has not been given/,
    ],
  ])('is said with the remedy: %s', async (_what, repository, asker, sentence) => {
    if (asker !== null) bench.environment.HF_TOKEN = asker
    bench.stand.repositories.delete(name)
    if (repository) bench.stand.repositories.set(name, { ...bench.usual, ...repository })
    const job = await bench.bring()
    expect(job).toMatchObject({ state: 'failed', problem: expect.stringMatching(sentence) as string })
    expect(job.problem).not.toContain('\n')
    bench.expectNothing()
    expect(bench.left().filter(folder => existsSync(join(bench.hubFolder(), folder, 'tiny-clip', 'onnx')))).toEqual([])
  })

  it.each<[string, Answer, RegExp]>([
    [
      'a token that is not valid',
      status(401, { 'x-error-message': 'Invalid credentials' }),
      /does not let the token of HF_TOKEN read .*Invalid credentials/,
    ],
    [
      'a token without the right',
      status(403, {
        'x-error-code': 'GatedRepo',
        'x-error-message': 'Please enable access to public gated repositories in your fine-grained token settings',
      }),
      /may not read models with a licence to accept/,
    ],
    [
      'a model that was closed',
      status(403, { 'x-error-message': 'Access to this resource is disabled.' }),
      /has closed hf:tester\/tiny-clip/,
    ],
    ['a pause that is too long', status(429, { 'retry-after': '3600' }), /asks to wait 60 minutes/],
    [
      'faults without end',
      status(500),
      /^The list of files of tester\/tiny-clip could not be downloaded\. .* answers 500/,
    ],
    [
      'a page of a sign-in',
      serve({ content: Buffer.from('<html>'), headers: { 'content-type': 'text/html' } }),
      /sends a web page instead of the file/,
    ],
    [
      'another service',
      serve({ content: Buffer.from('{"hello": 1}') }),
      /does not list tester\/tiny-clip as Hugging Face does/,
    ],
    [
      'a list without end',
      (_request, response) => {
        response.writeHead(200)
        for (let i = 0; i < 40; i++) response.write(Buffer.alloc(1 << 20, 32))
        response.end()
      },
      /sends more than/,
    ],
  ])('is said with the remedy: %s', async (_what, answer, sentence) => {
    bench.environment.HF_TOKEN = token
    bench.stand.fault = () => answer
    expect(await bench.bring()).toMatchObject({ state: 'failed', problem: expect.stringMatching(sentence) as string })
    bench.expectNothing()
    expect(bench.left()).toEqual([])
  })

  it('is said of a revision that is not there', async () => {
    expect((await bench.bring(`${id}@v2`)).problem).toMatch(/has no revision ‘v2’: its branches and tags are listed at/)
    bench.expectNothing()
  })

  it('is not asked when the environment or the settings say so', async () => {
    bench.environment.HF_HUB_OFFLINE = '1'
    expect(() => bench.downloads.start(id)).toThrow(/HF_HUB_OFFLINE is set/)
    await expect(bench.downloads.measure(id)).rejects.toThrow(/HF_HUB_OFFLINE is set/)
    bench.environment.HF_HUB_OFFLINE = '0'
    bench.offline = true
    expect(() => bench.downloads.start(id)).toThrow(/Offline mode is on/)
    await expect(bench.downloads.measure(id)).rejects.toThrow(/Offline mode is on/)
    expect(bench.stand.asked).toEqual([])
  })
})
