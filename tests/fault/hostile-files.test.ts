import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { forkReader } from '../../main/reading-process/launcher.ts'
import type { ReaderProcess } from '../../main/reading-process/launcher.ts'
import { openCheckpointApart } from '../../main/reading-process/read-checkpoint.ts'
import { readConfigFiles } from '../../main/reading-process/read-config.ts'
import { openTokenizerApart } from '../../main/reading-process/read-tokenizer.ts'
import { ReadingProcess, launchReadersWith } from '../../main/reading-process/reading-process.ts'
import { folderOfFile } from '../support/folders.ts'
import { oneTensor, text, torchZip } from '../support/models/pickles.ts'

const folder = folderOfFile('hostile')

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const tokenizer = (normalizer: object): string =>
  JSON.stringify({
    version: '1.0',
    added_tokens: [],
    normalizer,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', unk_token: '?', vocab: { '?': 0, a: 1, b: 2 } },
  })
/** Doubles the time with every letter of a text that ends otherwise; only texts of letters are looked at that long. */
const endless = { type: 'Replace', pattern: { Regex: '^((a+)+)+\\$' }, content: ' ' }
/** Twice as many ways for each letter: longer than anybody waits. */
const trap = 'a'.repeat(60)

/** Every process that a test started itself ends with it. */
const started: { end(): void }[] = []
afterEach(() => {
  for (const one of started.splice(0)) one.end()
})

describe('a file that never comes to an end', () => {
  test('a tokenizer that freezes with certain texts only: the search ends with a sentence, and the next one works', async () => {
    const path = await file('endless.json', tokenizer(endless))
    const reader = new ReadingProcess()
    started.push(reader)
    const ask = (words: string, patience?: number) =>
      reader.run(
        'tokenise',
        { path, texts: [words], length: 4 },
        { file: path, doing: 'split these texts', ...(patience === undefined ? {} : { patience }) },
      )
    expect(Array.from((await ask('a b'))[0]!.ids)).toEqual([1, 2, 0, 0])
    await expect(ask(trap, 300)).rejects.toThrow(
      /endless\.json takes longer to split these texts than any such file does.*give another/,
    )
    expect(Array.from((await ask('b a'))[0]!.ids)).toEqual([2, 1, 0, 0])
  })

  test('cancelling is heard while it computes, and another tokenizer goes on', async () => {
    const hanging = await openTokenizerApart(await file('hanging.json', tokenizer(endless)))
    const sound = await openTokenizerApart(await file('sound.json', tokenizer({ type: 'Lowercase' })))
    started.push(hanging, sound)
    const stop = new AbortController()
    let ended = false
    const search = hanging.encode([trap], 4, stop.signal).finally(() => {
      ended = true
    })
    // Behind it in the same queue, and heard as well.
    const next = new AbortController()
    const waiting = hanging.encode(['b'], 4, next.signal)
    expect(Array.from((await sound.encode(['A B'], 4))[0]!.ids)).toEqual([1, 2, 0, 0])
    next.abort(new Error('not any more'))
    await expect(waiting).rejects.toThrow('not any more')
    expect(ended).toBe(false)
    stop.abort(new Error('stopped'))
    await expect(search).rejects.toThrow('stopped')
    expect(Array.from((await hanging.encode(['b'], 4))[0]!.ids)).toEqual([2, 0, 0, 0])
  })

  test('a tokenizer that freezes at once is cancelled while it is imported', async () => {
    const path = await file(
      'at-once.json',
      tokenizer({ type: 'Replace', pattern: { Regex: '^(([a-zA-Z ,:0-9])+)+\\$' }, content: ' ' }),
    )
    const stop = new AbortController()
    const opening = openTokenizerApart(path, stop.signal)
    const settled = expect(opening).rejects.toThrow('stopped')
    setTimeout(() => stop.abort(new Error('stopped')), 200)
    await settled
  })
})

describe('a file that would take all memory', () => {
  test('ends the process that reads it, and nothing else', async () => {
    // Two million dictionaries: within the number of instructions, beyond what a process for reading may hold.
    const path = await file('dictionaries.bin', torchZip(`${'}'.repeat(1_900_000)}.`))
    await expect(openCheckpointApart(path)).rejects.toThrow(
      /dictionaries\.bin (takes more memory to read than any such file does|is not a usable checkpoint)/,
    )
    const sound = await openCheckpointApart(
      await file('sound.bin', torchZip(oneTensor('K\x02', 'K\x00', 'K\x02\x85', 'K\x01\x85'))),
    )
    expect(Array.from(await sound.tensors.get('w')!.read(), Number)).toEqual([0, 0])
    await sound.close()
  })

  test('a list copied hundreds of thousands of times is refused for the work it asks for', async () => {
    const path = await file(
      'set_copies.bin',
      torchZip(`](${'K\x01'.repeat(400_000)}eq\x00cbuiltins\nset\nq\x01${'h\x01h\x00\x85R'.repeat(300_000)}.`),
    )
    await expect(openCheckpointApart(path)).rejects.toThrow(/set_copies\.bin is not a usable checkpoint/)
  })
})

test('a reader that cannot start is not the fault of the file', async () => {
  const path = await file('innocent.json', tokenizer({ type: 'Lowercase' }))
  await file('reading.js', 'import "a-package-that-is-not-there"')
  const reader = new ReadingProcess()
  started.push(reader)
  vi.stubEnv('LFVILA_BUNDLES', folder)
  await expect(reader.run('tokenise', { path, texts: ['a'], length: 4 }, { file: path })).rejects.toMatchObject({
    code: 'reading-start',
    message: expect.stringMatching(/innocent\.json did not start.*Install its packages again/),
  })
  vi.unstubAllEnvs()
})

test.each([
  ['once, which nobody sees', 1],
  ['twice, which is not the fault of the file', 2],
])('a reader is killed while it reads %s', async (_, deaths) => {
  const path = await file(`killed-${deaths}.json`, tokenizer({ type: 'Lowercase' }))
  let left = deaths
  launchReadersWith(() => {
    const one = forkReader()
    left -= 1
    // As early as it can be, or when it has its order.
    if (left === 0) setTimeout(() => one.kill())
    if (left <= 0) return one
    return {
      ...one,
      get ended() {
        return one.ended
      },
      send: message => {
        one.send(message)
        one.kill()
      },
    }
  })
  const reader = new ReadingProcess()
  started.push(reader)
  try {
    const read = reader.run('tokenise', { path, texts: ['A'], length: 3 }, { file: path })
    if (deaths === 1) expect(await read).toBeDefined()
    else await expect(read).rejects.toMatchObject({ code: 'reading-killed', message: expect.stringContaining(path) })
  } finally {
    launchReadersWith(forkReader)
  }
})

test('a reader that died between two files is replaced', async () => {
  const path = await file('two.json', tokenizer({ type: 'Lowercase' }))
  const processes: ReaderProcess[] = []
  launchReadersWith(() => {
    const one = forkReader()
    processes.push(one)
    return one
  })
  try {
    const reader = new ReadingProcess()
    started.push(reader)
    const ask = () => reader.run('tokenise', { path, texts: ['A'], length: 3 }, { file: path })
    const first = await ask()
    processes[0]?.kill()
    await expect.poll(() => processes[0]?.ended).toBe(true)
    expect(await ask()).toEqual(first)
    expect(processes).toHaveLength(2)
  } finally {
    launchReadersWith(forkReader)
  }
})

describe('a configuration larger than any is refused before it is read', () => {
  test.each([
    ['quest.yaml', '? '.repeat(40_000)],
    ['deep.json', `{"a": ${'['.repeat(40_000)}${']'.repeat(40_000)}}`],
    ['keys.yaml', Array.from({ length: 20_000 }, (_, key) => `k${key}: 1\n`).join('')],
  ])('%s', async (name, content) => {
    await expect(readConfigFiles(await file(name, content), null)).rejects.toThrow(
      /too large to be a configuration.*at most 65536/,
    )
  })

  test.each([
    ['quest-small.yaml', '? '.repeat(30_000)],
    ['deep-small.yaml', `a: ${'['.repeat(30_000)}`],
    ['dashes.yaml', '- '.repeat(30_000)],
    ['flow.yaml', '{a: '.repeat(15_000)],
    ['colons.yaml', ': '.repeat(30_000)],
  ])('%s of 60 kB ends with a sentence', async (name, content) => {
    await expect(readConfigFiles(await file(name, content), null)).rejects.toThrow(
      /JSON or YAML|key: value|BERT configuration|longer to read|more memory/,
    )
  })
})

test('an attack is refused from its process by the same sentence', async () => {
  const path = await file('attack.bin', torchZip(`cposix\nsystem\n(${text('id')}tR.`))
  await expect(openCheckpointApart(path)).rejects.toThrow(
    /attack\.bin is not a usable checkpoint: it refers to posix\.system/,
  )
})
