import { english } from '../../native-models/english.ts'
import type { RegisteredModel } from '../model-folder/model-file.ts'
import { tokeniseSentences } from '../model-folder/paragraph.ts'
import { sentencesOf } from '../training/data/batches/example-text.ts'
import type { TextLayout } from '../training/data/batches/example-text.ts'
import { modelTokenizer } from '../training/data/batches/model-tokenizer.ts'
import type { Example } from '../training/data/examples/example.ts'

/** A sentence for the question and for each answer of which the model reads only the beginning. */
export async function whatWasCut(
  model: RegisteredModel,
  {
    example: { content },
    layout,
    signal,
  }: { readonly example: Example; readonly layout: TextLayout | null; readonly signal: AbortSignal },
): Promise<string[]> {
  if (!layout) return []
  const tokenizer = await modelTokenizer(model, model.id)
  const read = await Promise.all(
    sentencesOf(content, layout).map(sentences =>
      tokeniseSentences(sentences, tokenizer, { count: layout.sentences, length: layout.length, signal }),
    ),
  )
  const longer = (what: string): string =>
    english`${what} is longer than the ${layout.length} tokens that the model reads; the rest was left out.`
  return [
    ...(read[0]?.cut.includes(0) ? [longer(english`The question`)] : []),
    ...(content.type === 'choices'
      ? read.flatMap(({ cut }, answer) => (cut.includes(1) ? [longer(english`Answer ${answer + 1}`)] : []))
      : []),
  ]
}
