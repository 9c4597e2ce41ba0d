import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { linesOf, readList, readPart } from '../../../main/workers/listed-work.ts'
import { pack, packedVideo, unpack, workName } from '../../../main/workers/work.ts'
import { folderOfTest } from '../../support/folders.ts'

const id = (digit: string) => digit.repeat(32)

describe('a video on its way to the one who writes', () => {
  it('arrives as it was sent, through JSON', () => {
    const rows = [-1, 0, 1].map(clip => ({
      ...{ segment: 2, clip, start: 0.1, end: 1 / 3 },
      vector: Float32Array.of(clip, Math.PI, 1e-30),
    }))
    const entry = { contentId: id('a'), key: id('b'), pass: 'dense' as const, modelHash: 'm', rows: 3, warnings: ['w'] }
    const empty = { entry: { ...entry, pass: 'overview' as const, rows: 0 }, rows: [] }
    const sent = packedVideo.parse(JSON.parse(JSON.stringify(pack([{ entry, rows }, empty]))))
    expect(unpack(sent)).toEqual([{ entry, rows }, empty])
    expect(() => unpack([{ ...sent[0]!, vectors: 'AAAA' }])).toThrow('3 bytes of vectors for 3 rows')
  })

  it('is named by content, model and sampling', () => {
    expect(workName({ contentId: id('a'), keys: { overview: id('b') } })).toBe(`${id('a')}-${id('b')}-none`)
    expect(workName({ contentId: id('a'), keys: { overview: id('b'), dense: id('c') } })).not.toBe(
      workName({ contentId: id('a'), keys: { overview: id('b'), dense: id('d') } }),
    )
  })
})

describe('a list', () => {
  it('is divided into parts: every line is in exactly one', () => {
    const lines = Array.from({ length: 23 }, (_, index) => `v${index}`)
    const parts = [1, 2, 3, 4, 5].map(number => linesOf(lines, { number, of: 5 }))
    expect(parts.flat().sort()).toEqual(lines.toSorted())
    expect(parts.map(part => part.length)).toEqual([5, 5, 5, 4, 4])
    expect(['0/3', '4/3', '2', 'a/b', '1/0'].map(readPart)).toEqual([null, null, null, null, null])
    expect(readPart('3/8')).toEqual({ number: 3, of: 8 })
  })

  it('has one path a line, and one sentence where there is none', async () => {
    const file = join(folderOfTest('list'), 'ids.txt')
    writeFileSync(file, '/a b.mp4\r\n\n  /c.mp4\n')
    expect(await readList(file)).toEqual(['/a b.mp4', '/c.mp4'])
    await expect(readList(`${file}.gone`)).rejects.toMatchObject({ code: 'list-unreadable' })
  })
})
