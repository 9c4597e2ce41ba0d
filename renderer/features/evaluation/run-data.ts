import type { DatasetChoice, Run } from '../../../main/api/index.ts'

/**
 * The run whose data an evaluation should have: that of the model, if it has this folder, else the newest on the
 * folder.
 */
export function runOnFolder(runs: readonly Run[], folder: string, model: string): Run | null {
  const fitting = runs.filter(({ config }) => config.dataset.folder === folder)
  return fitting.find(run => run.model === model) ?? [...fitting].sort((a, b) => b.createdAt - a.createdAt)[0] ?? null
}

/** The folder as the run read it: its format, task and splits, drawn with the same seed and fractions. */
export function dataOfRun({ config: { dataset, task } }: Run): DatasetChoice {
  return { ...dataset, task }
}

/** Whether other rows would be measured than those that the run left out of its training. */
export function splitsDiffer(run: Run, choice: DatasetChoice): boolean {
  return JSON.stringify(ordered(run.config.dataset.split)) !== JSON.stringify(ordered(choice.split))
}

function ordered(split: DatasetChoice['split']): unknown {
  return split?.by === 'seeded' ? [split.seed, split.validation, split.test] : (split?.by ?? null)
}
