import { english } from '../../../../native-models/english.ts'
import type {
  Conditions,
  CopiesFound,
  DualSoftmax,
  TextsRead,
  TrainingConditions,
} from '../../../api/evaluation/conditions.ts'
import { negativesInWords } from '../../runs/loop/compared-examples.ts'

type Found = Partial<Omit<Conditions, 'said'>> & {
  /** Texts and videos of a retrieval whose similarities were too many for dual softmax. */
  readonly tooMany?: { readonly rows: number; readonly columns: number } | null
}
type Said = Conditions['said'][number]

/** What moves a number, with a sentence for each thing, as windows and the command line say it. */
export function withWords(found: Found): Conditions {
  const { text = null, dualSoftmax = null, training = null, copies = null, tooMany = null } = found
  const said = [
    ...(text ? [ofTexts(text)] : []),
    ...(dualSoftmax ? [ofDualSoftmax(dualSoftmax)] : []),
    ...(tooMany ? [ofTooMany(tooMany)] : []),
    ...(training ? ofTraining(training) : []),
    ...(copies ? [ofCopies(copies)] : []),
  ]
  return { text, dualSoftmax, training, copies, said }
}

const count = (number: number): string => number.toLocaleString('en')
const share = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`

function ofDualSoftmax({ temperature, textToVideo, videoToText }: DualSoftmax): Said {
  return {
    what: 'dualSoftmax',
    moves: false,
    sentence: english`With dual softmax (temperature ${temperature}) R@1 of the same similarities would be ${share(textToVideo.r1, 1)} from text to video and ${share(videoToText.r1, 1)} back; it uses the whole test set at once, so that this is not comparable with numbers without it.`,
  }
}

function ofTooMany({ rows, columns }: NonNullable<Found['tooMany']>): Said {
  return {
    what: 'dualSoftmax',
    moves: false,
    sentence: english`Figures with dual softmax were not computed: ${count(rows)} × ${count(columns)} similarities are not kept in memory, and it would compute them twice more; ask for it.`,
  }
}

/** Cosines below this are said to move the figures: two samplings of one file differ by less than a thousandth. */
const sameVideo = 0.999

function ofCopies({ videos, found, unclear, compared, unreadable, least, median }: CopiesFound): Said {
  const parts = [
    least && median !== null
      ? english`embeddings of ${compared} of ${found} videos whose originals are there have a cosine with those of ${median.toFixed(4)} in the median and of ${least.cosine.toFixed(4)} at least (${least.video})`
      : english`no original of an evaluated video could be compared`,
    ...(found < videos
      ? [english`${videos - found} of ${videos} ${videos - found === 1 ? 'has' : 'have'} no original there`]
      : []),
    ...(unclear > 0 ? [english`${unclear} ${unclear === 1 ? 'has' : 'have'} several of equal right`] : []),
    ...(unreadable > 0 ? [english`${unreadable} could not be read`] : []),
  ]
  const [first = '', ...rest] = parts
  return {
    what: 'copies',
    moves: least !== null && least.cosine < sameVideo,
    sentence: english`Copies and originals: ${[first, ...rest].join('; ')}.`,
  }
}

function ofTexts({ texts, sentences, tokens, limit, cut, joined }: TextsRead): Said {
  const parts = [
    ...(cut.worst
      ? [
          english`${count(cut.texts)} of ${count(texts)} texts were cut (${share(cut.texts, texts)}): the model reads ${limit} tokens of a sentence, more had ${count(cut.sentences)} of ${count(sentences)} sentences, and ${count(cut.tokens)} of ${count(tokens)} tokens were left out; the longest is sentence ${cut.worst.sentence} of ${cut.worst.source} (${cut.worst.video}), ${count(cut.worst.tokens)} tokens`,
        ]
      : []),
    ...(joined.worst
      ? [
          english`${count(joined.texts)} of ${count(texts)} texts have more sentences than the model reads at once (${share(joined.texts, texts)}), so that some were joined; most has ${joined.worst.source} (${joined.worst.video}), ${joined.worst.given} read as ${joined.worst.read}`,
        ]
      : []),
  ]
  return {
    what: 'text',
    moves: parts.length > 0,
    sentence: parts.length === 0 ? english`All ${count(texts)} texts were read whole.` : `${parts.join('. ')}.`,
  }
}

const names: Record<TrainingConditions['differences'][number]['what'], string> = {
  frames: english`frames`,
  clips: english`clips`,
  size: english`size`,
  sampling: english`sampling`,
  precision: english`precision`,
}

function ofTraining({ trained, differences }: TrainingConditions): Said[] {
  if (trained === null) {
    const sentence = english`How the model was trained is not known here, so that nothing can be said of frames, sampling and precision that differ from training.`
    return [{ what: 'training', moves: false, sentence }]
  }
  const negatives = trained.contrast && negativesInWords(trained.contrast)
  const named = differences.map(
    ({ what, trained: before, evaluated }) => english`${names[what]} ${before} in training, ${evaluated} here`,
  )
  return [
    ...(named.length > 0
      ? [
          {
            what: 'training' as const,
            moves: true,
            sentence: english`It is evaluated otherwise than it was trained: ${named.join('; ')}.`,
          },
        ]
      : []),
    ...(negatives
      ? [
          {
            what: 'negatives' as const,
            moves: false,
            sentence: english`In the run ‘${trained.run}’: ${lowerFirst(negatives)}`,
          },
        ]
      : []),
  ]
}

const lowerFirst = (sentence: string): string => `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`
