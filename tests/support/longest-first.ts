import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** Files of a minute and more, the longest first: begun last, one of them would run alone at the end. */
const longest = [
  'unit/training/run',
  'promises/finetuning',
  'promises/pretraining',
  'e2e/workbench',
  'unit/media/frames',
  'promises/learning',
  'promises/commands',
  'e2e/command-line',
  'e2e/training-pages',
  'unit/media/frame-store/load-frames',
  'unit/native-models/training/loss-gradients',
  'unit/media/needed-packets',
  'unit/media/clock-containers',
  'fault/training-faults',
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
