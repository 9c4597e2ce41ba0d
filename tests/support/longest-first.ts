import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** Files of a minute and more, the longest first: begun last, one of them would run alone at the end. */
const longest = [
  'promises/commands',
  'e2e/workbench',
  'unit/media/sampling/needed-packets',
  'unit/training/evaluation/evaluations',
  'e2e/window/accessibility',
  'e2e/pages/evaluate-page',
  'promises/pretraining',
  'unit/training/runs/run',
  'parity/training',
  'unit/models/verify',
  'fault/campaign/kills',
  'promises/finetuning',
  'unit/media/probing/large-and-damaged',
  'fault/killed-tools',
  'fault/killed/finetune-kill',
  'fault/fuzz/checkpoint-fuzz',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = longest.findIndex(name => moduleId.endsWith(`tests/${name}.test.ts`))
      return index < 0 ? longest.length : index
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
