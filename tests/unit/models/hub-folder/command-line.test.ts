import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderOfTest } from '../../../support/folders.ts'
import { commandLine } from '../../../support/models/models.ts'
import { paint } from '../dual-encoder/paint.ts'
import { published } from './published.ts'
import { writeTinyFolder } from './tiny-folder.ts'

describe('a folder from Hugging Face on the command line', () => {
  it('is imported as it is, says what was read off it, and indexes and searches videos', async () => {
    const scratch = folderOfTest('models')
    const videos = join(scratch, 'videos')
    await mkdir(videos)
    await Promise.all([paint(join(videos, 'rose.mp4'), 'red'), paint(join(videos, 'meadow.mp4'), 'lime')])
    const lfvila = commandLine(join(scratch, 'workspace'))
    const folder = await writeTinyFolder(join(scratch, 'siglip-tiny'), {
      ...published.siglip,
      // The directions of colours lie around the middle of grey.
      vision: { outputs: ['last_hidden_state', 'pooler_output'], shape: ['free', 3, 32, 32] },
      preprocessor: { ...published.siglip.preprocessor, size: { height: 32, width: 32 } },
    })
    expect(await lfvila('model', 'import', folder)).toMatchObject({
      model: 'siglip-tiny',
      kind: 'dual-encoder',
      taken: 3,
      settings: expect.arrayContaining([
        { name: 'family', value: 'SigLIP' },
        { name: 'framing', value: 'the whole frame, bicubic' },
        { name: 'texts', value: '64 tokens at most, padded with 1, in small letters' },
      ]) as unknown,
      warnings: [],
    })
    const record = JSON.parse(
      await readFile(join(scratch, 'workspace/models/siglip-tiny/model.json'), 'utf8'),
    ) as object
    // As for a description written by hand.
    expect(record).toMatchObject({
      format: 'dual-encoder-model/1',
      source: folder,
      contract: { format: 'dual-encoder/1', text: { length: 64, padId: 1 } },
    })

    const withModel = ['--model', 'siglip-tiny', '--device', 'cpu']
    expect(await lfvila('index', videos, ...withModel)).toMatchObject({ videos: 2, indexed: 2, failed: [] })
    const found = await lfvila<{ path: string }[]>('search', 'a GREEN, please!', ...withModel)
    expect(found[0]?.path).toBe(join(videos, 'meadow.mp4'))
  })
})
