import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { presets } from '../../../../main/training/runs/presets.ts'

it('presets have the hyper-parameters of the published configurations', () => {
  // Read from LF-VILA/src/configs/*.yaml with PyYAML: TRAINING, DATA and the optimiser of deepspeed_config.
  const published: unknown = JSON.parse(
    readFileSync(new URL('../../../fixtures/published-hyperparameters.json', import.meta.url), 'utf8'),
  )
  const ours = presets
    .map(
      ({
        source,
        labels,
        clips,
        parameters: {
          epochs,
          batchSize,
          learningRate,
          weightDecay,
          schedule: { kind, ...schedule },
        },
      }) => ({
        file: /configs\/(\w+)\.yaml/.exec(source)?.[1],
        epochs,
        batchSize,
        learningRate,
        weightDecay,
        schedule: kind,
        ...schedule,
        clips,
        labels,
      }),
    )
    .sort((a, b) => ((a.file ?? '') < (b.file ?? '') ? -1 : 1))
  expect(ours).toEqual(published)
})
