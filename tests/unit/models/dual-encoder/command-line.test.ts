import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shippedModels } from '../../../../native-models/starter/shipped.ts'
import { folderOfTest } from '../../../support/folders.ts'
import { commandLine } from '../../../support/models/models.ts'
import { paint } from './paint.ts'
import { writeTinyPair } from './tiny-pair.ts'

describe('a dual encoder from the command line', () => {
  it('is imported, listed, and indexes, searches and aligns videos', async () => {
    const scratch = folderOfTest('models')
    const videos = join(scratch, 'videos')
    await mkdir(videos)
    await Promise.all([
      paint(join(videos, 'rose.mp4'), 'red'),
      paint(join(videos, 'meadow.mp4'), 'lime'),
      paint(join(videos, 'evening.mp4'), 'red', 'blue'),
    ])
    const lfvila = commandLine(join(scratch, 'workspace'))

    const pair = await writeTinyPair(join(scratch, 'pair'), { batch: null })
    expect(await lfvila('model', 'import', pair, '--name', 'tiny-clip')).toMatchObject({
      model: 'tiny-clip',
      kind: 'dual-encoder',
      taken: 4,
      skipped: [],
    })
    expect(await lfvila('model', 'list')).toMatchObject([
      { id: 'starter', inUse: true },
      ...[...shippedModels]
        .sort()
        .slice(1)
        .map(id => ({ id, inUse: false })),
      {
        id: 'tiny-clip',
        kind: 'dual-encoder',
        inUse: false,
        evaluatedBy: 'retrieval',
        trainable: false,
        exportable: false,
      },
    ])
    expect(await lfvila('model', 'info', 'tiny-clip')).toMatchObject({
      dimension: 4,
      video: { frames: 8, clips: 4, depths: null },
    })

    const withPair = ['--model', 'tiny-clip', '--device', 'cpu']
    expect(await lfvila('index', videos, '--dense', ...withPair)).toMatchObject({ videos: 3, indexed: 3, failed: [] })
    type Found = { path: string; score: number; start: number; end: number }[]
    const search = (...words: string[]) => lfvila<Found>('search', ...words, ...withPair)
    const reds = await search('red')
    expect(reds.map(({ path }) => path)).toEqual(
      ['rose.mp4', 'evening.mp4', 'meadow.mp4'].map(name => join(videos, name)),
    )
    // Up to the colours that H.264 keeps.
    expect(reds[0]!.score).toBeCloseTo(1, 2)
    const [moment] = await search('a blue', '--level', 'moment', '--top', '1')
    expect(moment).toMatchObject({
      path: join(videos, 'evening.mp4'),
      start: expect.closeTo(4, 1),
      end: expect.closeTo(8, 1),
    })

    const alignment = await lfvila<{ clips: { start: number }[]; similarity: number[][] }>(
      'align',
      join(videos, 'evening.mp4'),
      '--text',
      'Red. Blue.',
      ...withPair,
    )
    expect(alignment.clips.length).toBeGreaterThanOrEqual(4)
    for (const [clip, { start }] of alignment.clips.entries()) {
      const [red = 0, blue = 0] = alignment.similarity[clip] ?? []
      expect(Math.sign(red - blue)).toBe(start < 3.9 ? 1 : -1)
    }
    await expect(
      lfvila('attention', join(videos, 'rose.mp4'), '--stage', '0', '--block', '0', ...withPair),
    ).rejects.toThrow('has no temporal windows to show; choose an LF-VILA model.')
  })
})
