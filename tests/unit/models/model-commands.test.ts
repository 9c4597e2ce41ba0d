import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ImportReport } from '../../../main/api/index.ts'
import { openCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts'
import { folderOfTest } from '../../support/folders.ts'
import { commandLine, tinyA } from '../../support/models/models.ts'

const config = ['--config', join(tinyA, 'model_config.json')]

describe('from the command line', () => {
  it('a model made of parts is imported, shown and exported', async () => {
    const scratch = folderOfTest('models')
    const lfvila = commandLine(join(scratch, 'workspace'))
    const swin = join(tinyA, '../swin2d/swin2d_tiny.fp16.pth')
    const report = await lfvila<ImportReport>(
      'model',
      'import',
      ...config,
      '--init',
      `swin=${swin}`,
      '--init',
      'random=7',
      '--kind',
      'pretrain-stage2',
      '--name',
      'parts',
    )
    expect(report).toMatchObject({ model: 'parts', kind: 'pretrain-stage2', parameters: 1942716, taken: 0 })
    expect(report.weights.find(({ key }) => key === 'video_token_pos.t_pos_embed')).toMatchObject({
      how: 'initialised',
      from: 'random numbers, normal(0, 0.02), seed 7',
    })
    expect(await lfvila('model', 'info', 'parts')).toMatchObject({ trained: false, source: swin })

    const path = join(scratch, 'out', 'model.bin')
    const exported = await lfvila<{ bytes: number }>(
      'model',
      'export',
      'parts',
      '--format',
      'torch',
      '--precision',
      'fp16',
      '--out',
      path,
    )
    expect(exported).toEqual({
      model: 'parts',
      format: 'torch',
      precision: 'fp16',
      path,
      bytes: (await stat(path)).size,
    })
    const checkpoint = await openCheckpoint(path)
    expect(checkpoint.tensors.size).toBe(report.weights.length + 12 + 2 + 1) // index tables, position ids, the bias's second key
    await checkpoint.close()
    await expect(lfvila('model', 'export', 'parts', '--format', 'torch', '--out', path)).rejects.toThrow('--overwrite')
    // The model that is there from the start is a whole one.
    await lfvila('model', 'export', 'starter', '--format', 'safetensors', '--out', path, '--overwrite')
  })

  it('what cannot be meant is said with the usage', async () => {
    const lfvila = commandLine(folderOfTest('models'))
    await expect(lfvila('model', 'import', ...config)).rejects.toThrow('--init')
    await expect(lfvila('model', 'import', ...config, '--init', 'swin')).rejects.toThrow(
      '--init takes swin=FILE, bert=FILE, random=SEED or scaled=SEED, not "swin"',
    )
    await expect(lfvila('model', 'import', 'a.bin', ...config, '--resize-bias', 'space')).rejects.toThrow('time, full')
    await expect(lfvila('model', 'export', 'starter', '--out', 'x')).rejects.toThrow('--format is required')
    await expect(lfvila('model', 'export', 'starter', '--format', 'pickle', '--out', 'x')).rejects.toThrow(
      'torch, safetensors, onnx',
    )
  })
})
