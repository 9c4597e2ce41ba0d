import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** Files of a minute and more, the longest first: begun last, one of them would run alone at the end. */
const longest = [
  'promises/finetuning',
  'e2e/workbench',
  'promises/learning',
  'promises/commands',
  'unit/training/runs/run',
  'unit/media/sampling/frames',
  'e2e/command-line',
  'fault/fuzz/checkpoint-fuzz',
  'promises/pretraining',
  'unit/media/frame-store/load-frames',
  'unit/media/timeline/clock-containers',
  'unit/media/sampling/needed-packets',
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
