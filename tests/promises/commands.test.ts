import { expect, it } from 'vitest'
import { exportFormat } from '../../main/api/models.ts'
import { datasetFormat, task } from '../../main/api/training/datasets.ts'
import { commands } from '../../main/hosts/cli/commands/commands.ts'
import { presets } from '../../main/training/runs/presets.ts'
import { askingCommands } from './commands/asking.ts'
import { commandBench } from './commands/command-bench.ts'
import { datasetCommands } from './commands/datasets.ts'
import { evaluatingCommands } from './commands/evaluating.ts'
import { modelCommands } from './commands/models.ts'
import { searchingCommands } from './commands/searching.ts'
import { serving, servingCommands } from './commands/serving.ts'
import { learningCommands, trainingCommands } from './commands/training.ts'
import { workerCommands } from './commands/working.ts'
import { claims } from './support/command-line.ts'
import { promisedCommands, promisedPrecisions } from './support/documents.ts'
import { formatPromises } from './support/formats/formats.ts'
import { taskPromises } from './support/tasks.ts'

// They share a workspace, a trained model and the list of what is run: one file of tests, by theme.
const bench = commandBench()
trainingCommands(bench)
evaluatingCommands(bench)
searchingCommands(bench)
askingCommands(bench)
modelCommands(bench)
datasetCommands(bench)
servingCommands(bench)
workerCommands(bench)
learningCommands(bench)

/**
 * What no test runs is not promised: these fail when the documents or the program names something that has no line
 * here.
 */
it('every command, option and choice of the documents was run here or trains a task', async () => {
  const trained = taskPromises.flatMap(({ task: learns, preset, options }) =>
    claims(['finetune', '--task', learns, '--preset', preset, ...options]),
  )
  const asked = new Set([
    ...bench.promised,
    ...claims([...serving, '--export-dir']),
    ...trained.map(claim => claim.replace(/:.*/, '')),
  ])
  const promised = await promisedCommands()
  expect(promised).toContain('search --level moment')
  expect(promised.filter(claim => !asked.has(claim))).toEqual([])
  expect(commands.map(({ name }) => name).filter(name => !asked.has(name))).toEqual([])
})

it('every task, preset and format trains, every precision indexes, every format is exported', async () => {
  const of = (field: 'task' | 'preset' | 'format') => [...new Set(taskPromises.map(promise => promise[field]))].sort()
  expect(of('task')).toEqual([...task.options].sort())
  expect(of('preset')).toEqual(presets.map(({ id }) => id).sort())
  const formats = [...of('format'), ...formatPromises.map(({ format }) => format)]
  expect([...new Set(formats)].sort()).toEqual([...datasetFormat.options].sort())
  const asked = (start: string) =>
    [...bench.promised]
      .filter(claim => claim.startsWith(start))
      .map(claim => claim.slice(start.length))
      .sort()
  expect(asked('index --precision ')).toEqual([...(await promisedPrecisions())].sort())
  expect(asked('model export --format ')).toEqual([...exportFormat.options].sort())
})
