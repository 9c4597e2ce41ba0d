import { english } from '../../../native-models/english.ts'
import type { RunRecord } from '../../api/training/training.ts'
import type { Example } from '../data/examples/example.ts'
import { videosOf } from '../data/examples/example.ts'
import type { RunData } from '../runs/folder/run-data.ts'

interface JudgedRows {
  /** The rows of that run. */
  readonly data: RunData
  readonly examples: readonly Example[]
  /** Whether its folder had the very rows that this one has. */
  readonly sameData: boolean
}

/**
 * What makes figures better than they should be: the run that made the model has trained on these videos, or chose its
 * checkpoint by them.
 */
export function warningsOfRun(run: RunRecord, { data, examples, sameData }: JudgedRows): string[] {
  const pathsOf = (split: Example['split']) =>
    new Set(data.examples.filter(example => example.split === split).flatMap(videos))
  const share = (split: Example['split']): number => {
    const paths = pathsOf(split)
    return examples.filter(
      example => (sameData && example.split === split) || videos(example).some(video => paths.has(video)),
    ).length
  }
  const [trained, chosen] = [share('train'), share('validation')]
  const of = (count: number) =>
    count === examples.length ? english`The videos` : english`${count} of the ${examples.length} videos`
  return [
    ...(trained > 0
      ? [
          english`${of(trained)} evaluated were trained on in the run ‘${run.config.name}’: the figures say what was learned by heart.`,
        ]
      : []),
    ...(chosen > 0
      ? [
          english`${of(chosen)} evaluated also chose the checkpoint of the run ‘${run.config.name}’, so that the figures are somewhat too good; evaluate a split that the run has not seen.`,
        ]
      : []),
  ]
}

const videos = ({ content }: Example): string[] => videosOf(content).map(({ path }) => path)
