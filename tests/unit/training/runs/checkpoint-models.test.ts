import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CheckpointModels } from '../../../../main/training/runs/checkpoint-models.ts'
import type { Runs } from '../../../../main/training/runs/runs.ts'
import { folderOfTest } from '../../../support/folders.ts'

it('keeps the files of a checkpoint that is used while another is looked at, until it is let go', async () => {
  const [checkpoints, folder] = [folderOfTest('run'), folderOfTest('checkpoints')]
  await mkdir(join(checkpoints, 'kept-00000002'))
  // Its weights are none, so that opening ends after the others' files have gone.
  const runs = {
    atRest: async () => ({ run: { record: { config: { name: 'run' } }, checkpoints }, start: null }),
  } as unknown as Runs
  const models = new CheckpointModels(runs, join(folder, 'runs'), folder)
  const opened = () => models.open('run@2').catch(() => null)
  const own = (step: number) => `${process.pid}-run-${step}`
  const left = async () => (await readdir(folder)).filter(name => name !== own(2)).sort()

  await mkdir(join(folder, own(1)))
  await mkdir(join(folder, own(3)))
  const letGo = [models.hold('run@1'), models.hold('run@1')]
  models.hold('no checkpoint')()
  await opened()
  expect(await left()).toEqual([own(1)])
  letGo[0]?.()
  await opened()
  expect(await left()).toEqual([own(1)])
  letGo[1]?.()
  await opened()
  expect(await left()).toEqual([])
})
