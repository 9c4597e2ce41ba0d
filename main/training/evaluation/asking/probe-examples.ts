import { probeVariant } from '../../../api/evaluation/evaluation.ts'
import type { ProbeVariant } from '../../../api/evaluation/evaluation.ts'
import type { RowTask } from '../../../api/training/datasets.ts'
import type { Example } from '../../data/examples/example.ts'
import { videoKey } from '../../data/examples/example.ts'
import { changedText } from '../../probing/changed-text.ts'
import { answerChange, retrievalChange } from '../../probing/time-probe.ts'
import type { AnsweredRow, EmbeddedRow, VariantFound } from '../../probing/time-probe.ts'
import type { LabelMatch } from '../results/label-names.ts'
import type { Output, Probed } from '../results/outputs.ts'
import { isOfFrames } from './evaluator.ts'

/** What a model made of changed examples, by change and the example's place. */
type ProbedOutputs = ReadonlyMap<ProbeVariant, ReadonlyMap<number, Probed>>

/** The changes that an example has and that the model was not asked about yet. */
export function changesLeft({ content }: Example, place: number, probed: ProbedOutputs): ProbeVariant[] {
  return probeVariant.options.filter(
    variant =>
      probed.get(variant)?.has(place) !== true && (isOfFrames(variant) || changedText(content, variant) !== null),
  )
}

/** How the queries did before and after each change that concerns any of them. */
export function probeFound({
  task,
  examples,
  outputs,
  probed,
  labels,
}: {
  readonly task: RowTask
  readonly examples: readonly Example[]
  readonly outputs: ReadonlyMap<number, Output>
  readonly probed: ProbedOutputs
  readonly labels: LabelMatch
}): VariantFound[] {
  const embedded = examples.flatMap((example, place): EmbeddedRow[] => {
    const output = outputs.get(place)
    if (!output || !('video' in output)) return []
    const { video, text } = output
    return [{ example: place, key: videoKey(example.content), group: example.group, video, text }]
  })
  return probeVariant.options.flatMap(variant => {
    const found = probed.get(variant)
    if (!found) return []
    const change =
      task === 'retrieval'
        ? retrievalChange(embedded, variant, {
            side: isOfFrames(variant) ? 'video' : 'text',
            changed: new Map(
              [...found].flatMap(([place, one]) => ('embedding' in one ? [[place, one.embedding] as const] : [])),
            ),
          })
        : answerChange(answered(found), variant)
    return change ? [change] : []
  })

  function answered(found: ReadonlyMap<number, Probed>): AnsweredRow[] {
    return [...found].flatMap(([place, after]): AnsweredRow[] => {
      const [example, before] = [examples[place], outputs.get(place)]
      if (!example || !('label' in example.content) || !before || !('logits' in before) || !('logits' in after)) {
        return []
      }
      const { label } = example.content
      const right = task === 'qa-multichoice' ? label : (labels.numbers[label] ?? -1)
      return [{ example: place, right, before: before.logits, after: after.logits }]
    })
  }
}
