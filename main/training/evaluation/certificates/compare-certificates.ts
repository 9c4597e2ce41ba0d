import { isDeepStrictEqual } from 'node:util'
import { english } from '../../../../native-models/english.ts'
import type { Agreement, Certificate, CertifiedRow } from '../../../api/evaluation/certificate.ts'

type Check = Agreement['checks'][number]

/**
 * Whether an evaluation came out as an earlier one, and where it first differs. Files, sampling, ranks and figures must
 * be the same; embeddings and scores may differ in their last bits on another machine, and it is said by how much.
 * @param was the earlier one. @param is of the same rows.
 */
export function compareCertificates(was: Certificate, is: Certificate): Agreement {
  const checks = [
    filesOf(was, is),
    samplingOf(was, is),
    computerOf(was, is),
    embeddingsOf(was, is),
    scoresOf(was, is),
    ranksOf(was, is),
    figuresOf(was, is),
  ]
  const decisive: readonly Check['what'][] = ['files', 'sampling', 'ranks', 'figures']
  return {
    evaluation: was.evaluation,
    equal: checks.every(({ what, equal }) => equal || !decisive.includes(what)),
    first: checks.find(({ what, equal }) => !equal && what !== 'computer')?.sentence ?? null,
    checks,
  }
}

function filesOf(was: Certificate, is: Certificate): Check {
  const different = pairs(was, is).filter(([before, now]) => before.file !== now.file)
  const [first] = different
  return {
    what: 'files',
    equal: !first,
    sentence: first
      ? english`${different.length} of ${was.rows.length} rows have another video file, first ${first[0].source}: ${first[0].video}${first[1].file === null ? ', which can no longer be read' : first[0].file === null ? ', which could not be read then' : ''}.`
      : english`The video files of all ${was.rows.length} rows are the same.`,
  }
}

function samplingOf(was: Certificate, is: Certificate): Check {
  const [before, now] = [leaves(was.sampling), leaves(is.sampling)]
  const different = [...new Set([...before.keys(), ...now.keys()])].find(name => before.get(name) !== now.get(name))
  return {
    what: 'sampling',
    equal: different === undefined,
    sentence:
      different === undefined
        ? english`Frames are sampled in the same way.`
        : english`Sampling differs in ${different}: ${before.get(different) ?? 'none'} then, ${now.get(different) ?? 'none'} now.`,
  }
}

function computerOf(was: Certificate, is: Certificate): Check {
  const names = (of: Certificate) => of.computers.map(({ cpu, provider }) => `${provider}, ${cpu}`).join('; ')
  const equal = isDeepStrictEqual(was.computers, is.computers)
  const [before, now] = [was.computers.at(-1), is.computers.at(-1)]
  const versions = (['program', 'node', 'onnxruntime', 'ffmpeg', 'platform'] as const)
    .filter(name => before?.[name] !== now?.[name])
    .map(name => english`${name} ${before?.[name] ?? 'unknown'} then, ${now?.[name] ?? 'unknown'} now`)
  return {
    what: 'computer',
    equal,
    sentence: equal
      ? english`It was computed by the same versions on ${names(is)}.`
      : english`It was computed elsewhere: ${[...(names(was) === names(is) ? [] : [english`${names(was)} then, ${names(is)} now`]), ...versions].join('; ') || 'in other parts'}.`,
  }
}

function embeddingsOf(was: Certificate, is: Certificate): Check {
  const what = was.embeddings ? 'embeddings' : was.protocol.task === 'moments' ? 'windows' : 'logits'
  const equal = was.embeddings
    ? isDeepStrictEqual(was.embeddings, is.embeddings)
    : was.matrix.sha256 === is.matrix.sha256
  const most = largest(
    pairs(was, is).flatMap(([before, now]) =>
      before.numbers.map((number, place) => Math.abs(number - (now.numbers[place] ?? Number.NaN))),
    ),
  )
  return {
    what: 'embeddings',
    equal,
    sentence: equal
      ? english`All ${what} are equal to the last bit.`
      : english`The ${what} differ: they agree within ${most.toPrecision(2)} (the largest difference among the first numbers of each).`,
  }
}

function scoresOf(was: Certificate, is: Certificate): Check {
  const equal = was.matrix.sha256 === is.matrix.sha256
  const most = largest(pairs(was, is).map(([before, now]) => Math.abs((before.score ?? 0) - (now.score ?? 0))))
  return {
    what: 'scores',
    equal,
    sentence: equal
      ? english`All ${was.matrix.rows} × ${was.matrix.columns} scores are equal to the last bit.`
      : english`The scores differ: those of what is right agree within ${most.toPrecision(2)}.`,
  }
}

function ranksOf(was: Certificate, is: Certificate): Check {
  const different = pairs(was, is).filter(([before, now]) => before.rank !== now.rank)
  const [first] = different
  return {
    what: 'ranks',
    equal: !first,
    sentence: first
      ? english`${different.length} of ${was.rows.length} rows have another rank, first ${first[0].source}: ${first[0].rank ?? 'none'} then, ${first[1].rank ?? 'none'} now.`
      : english`The ranks of all ${was.rows.length} rows are equal.`,
  }
}

function figuresOf(was: Certificate, is: Certificate): Check {
  const [before, now] = [leaves(was.figures), leaves(is.figures)]
  const different = [...new Set([...before.keys(), ...now.keys()])].filter(name => before.get(name) !== now.get(name))
  const [first] = different
  return {
    what: 'figures',
    equal: first === undefined,
    sentence:
      first === undefined
        ? english`All ${before.size} figures are equal.`
        : english`${different.length} of ${before.size} figures differ, first ${first}: ${before.get(first) ?? 'none'} then, ${now.get(first) ?? 'none'} now.`,
  }
}

/** Rows of the same place: both are of the same data. */
function pairs(was: Certificate, is: Certificate): [CertifiedRow, CertifiedRow][] {
  return was.rows.flatMap((row, place): [CertifiedRow, CertifiedRow][] => {
    const other = is.rows[place]
    return other ? [[row, other]] : []
  })
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0)
}

/** Single values by their names, as in textToVideo.r1. */
function leaves(value: unknown, name = ''): Map<string, string | number | boolean | null> {
  if (value === null || typeof value !== 'object') return new Map([[name, value as string | number | boolean | null]])
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, name === '' ? key : `${name}.${key}`)]),
  )
}
