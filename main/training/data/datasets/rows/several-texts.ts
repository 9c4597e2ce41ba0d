import type { TextsRule } from '../../../../api/training/datasets.ts'
import type { Row, RowContent, VideoName } from '../../examples/example.ts'

type Paragraph = Extract<RowContent<VideoName>, { type: 'paragraph' }>

/**
 * Settles what several texts of one video are, when they have no times: sentences of one paragraph, or captions of
 * which each tells of the whole and is a query of its own, `train.json:7#2` the second of a row. Texts with times are
 * sentences of one story in any case.
 * @param wanted what the user chose; null leaves each row as its format has it.
 */
export function settleTexts<Given extends Row>(rows: readonly Given[], wanted: TextsRule | null): Given[] {
  if (wanted === 'paragraph') return joined(rows)
  return rows.flatMap(row => {
    const { content, source } = row
    if ((wanted ?? row.texts) !== 'queries' || !isUntimed(content) || content.sentences.length < 2) return [row]
    return content.sentences.map((sentence, place) => ({
      ...row,
      source: `${source}#${place + 1}`,
      content: { ...content, sentences: [sentence] },
    }))
  })
}

/** The texts of one video in one paragraph, in the order of the file. */
function joined<Given extends Row>(rows: readonly Given[]): Given[] {
  const paragraphs = new Map<string, Given & { readonly content: Paragraph }>()
  const others: Given[] = []
  for (const row of rows) {
    const { content, split, near, group } = row
    if (!isUntimed(content)) {
      others.push(row)
      continue
    }
    const key = JSON.stringify([split, near, group, content.video])
    const first = paragraphs.get(key) ?? { ...row, content: { ...content, sentences: [] } }
    paragraphs.set(key, {
      ...first,
      content: { ...first.content, sentences: [...first.content.sentences, ...content.sentences] },
    })
  }
  return [...paragraphs.values(), ...others]
}

function isUntimed(content: RowContent<VideoName>): content is Paragraph {
  return content.type === 'paragraph' && content.sentences.every(({ start, end }) => start === null && end === null)
}
