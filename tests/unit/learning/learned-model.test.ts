import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { LearnedFrom } from '../../../main/api/models.ts'
import { writeLearnedModel } from '../../../main/learning/learned-model.ts'
import { readModel } from '../../../main/model-folder/model-file.ts'
import type { RegisteredModel } from '../../../main/model-folder/model-file.ts'
import { registerShipped } from '../../../main/model-folder/register-shipped.ts'
import { seesDrawingsOnly } from '../../../main/model-folder/shipped-source.ts'
import { sayWhatItKnows } from '../../../main/workbench/notices/model-notice.ts'
import { Notices } from '../../../main/workbench/notices/notices.ts'
import { folderOfTest } from '../../support/folders.ts'

const figures = { pass: 'dense', videos: 1, sentences: 3, before: 1, after: 3, leftOut: 1 } as const

/** The notices of a model that is in use. */
function said({ id, record }: RegisteredModel) {
  const notices = new Notices()
  sayWhatItKnows(notices, { id, trained: record.trained, drawingsOnly: seesDrawingsOnly(record) })
  return notices.list()
}

it('a model that learnt from corrections says of itself what the one before it says, and so does one that follows it', async () => {
  const models = folderOfTest('learned-model')
  const read = (id: string) => readModel(join(models, id), id)
  async function learn(from: string, id: string, base?: RegisteredModel): Promise<RegisteredModel> {
    const before = base ?? (await read(from))
    const sentence = new Float32Array(before.config.dimension)
    sentence[0] = 1
    const change = { sentences: [sentence], moves: [new Float64Array(sentence.length)] }
    const { signal } = new AbortController()
    await writeLearnedModel({ models, id }, { base: before, change, learned: figures, signal })
    return read(id)
  }
  await registerShipped(models, 'starter')
  const starter = await read('starter')
  const once = await learn('starter', 'once')
  const twice = await learn('once', 'twice')
  expect(said(starter)).toMatchObject([{ id: 'starter', text: expect.stringContaining('trained on drawn stories') }])
  for (const one of [once, twice]) {
    expect(said(one)).toMatchObject([
      { id: 'starter', level: 'info', text: expect.stringContaining(`‘${one.id}’ was trained on drawn stories`) },
    ])
    expect(one.record.learned).toMatchObject({ videoHash: starter.record.hash, videoSource: starter.record.source })
  }

  // One that was brought along has seen what its owner knows.
  const imported = { ...starter, record: { ...starter.record, source: 'stage1.bin' } }
  expect(said(await learn('imported', 'of-imported', imported))).toEqual([])
  // A record of before does not say.
  const old: LearnedFrom = {
    ...figures,
    from: 'starter',
    videoHash: '',
    videoSource: null,
    projection: 'text_local_proj',
  }
  expect(seesDrawingsOnly({ source: 'corrected captions, from ‘starter’', learned: old })).toBe(false)
})
