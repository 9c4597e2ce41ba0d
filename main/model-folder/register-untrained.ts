import { untrainedModel } from '../../native-models/starter/untrained.ts'
import { registerModel } from './register.ts'

/** Makes the model of random weights. @throws ExpectedError `model-exists` when it is there already. */
export async function registerUntrained(models: string, id: string): Promise<void> {
  const { modelConfig, bertConfig, kind, vocabulary, parameters } = untrainedModel()
  await registerModel(models, id, {
    model: {
      kind,
      trained: false,
      source: 'random weights, made by this program',
      config: { model: modelConfig, bert: bertConfig },
      weights: [...parameters()].map(({ name, shape, data }) => ({ name, shape, read: () => data })),
      vocabulary: { name: 'vocab.txt', content: `${vocabulary.join('\n')}\n` },
    },
  })
}
