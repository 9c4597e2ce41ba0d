import { basename } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Evaluation } from '../../api/evaluation/evaluation.ts'
import { Engine } from '../../engine/engine.ts'
import type { EngineLauncher } from '../../engine/launcher.ts'
import type { JobRun } from '../../jobs/job-handler.ts'
import type { ModelRegistry } from '../../models/registry/registry.ts'
import type { SegmentSampler } from '../../retrieval/embedding/segments.ts'
import { contentIdentity } from '../../storage/files/file-identity.ts'
import type { FrameSampler } from '../data/batches/example-frames.ts'
import { isOfVideo } from '../data/batches/video-problem.ts'
import { settleLate, settleTimes } from '../data/datasets/rows/settle-times.ts'
import { videosOf } from '../data/examples/example.ts'
import type { Example } from '../data/examples/example.ts'
import { similarityRow } from '../metrics/metrics.ts'
import type { RunData } from '../runs/folder/run-data.ts'
import { ExampleEmbedder } from './asking/embed-examples.ts'
import type { ExampleEvaluator } from './asking/evaluator.ts'
import { isOfFrames } from './asking/evaluator.ts'
import { byVideo, MomentLocator } from './asking/locate-moments.ts'
import { ExamplePredictor } from './asking/predict-examples.ts'
import { changesLeft, probeFound } from './asking/probe-examples.ts'
import { hashOfPredictions, takePredictions } from './asking/take-predictions.ts'
import { certificateOf } from './certificates/certificate-of.ts'
import { compareCertificates } from './certificates/compare-certificates.ts'
import { thisComputer, withComputer } from './certificates/this-computer.ts'
import { copiesFound, copyPairs, openOriginals } from './conditions/copies.ts'
import { withWords } from './conditions/in-words.ts'
import { textsReadOf } from './conditions/texts-read.ts'
import { trainedOtherwise } from './conditions/trained-otherwise.ts'
import { evaluatedProtocol } from './protocols/recognise.ts'
import type { EvaluationFolder } from './results/evaluation-folder.ts'
import { matchLabels } from './results/label-names.ts'
import type { LabelMatch } from './results/label-names.ts'
import { isUnreadable } from './results/outputs.ts'
import type { Probed } from './results/outputs.ts'
import { resultsOf, videoName } from './results/results.ts'
import { survivorsOf } from './survivors.ts'

export interface EvaluationParts {
  readonly registry: ModelRegistry
  readonly launch: EngineLauncher
  /** The device to compute on, and why it is not the one that was asked for. */
  readonly device: () => Promise<{ device: string; fallback: string | null }>
  /** Frames per second of the dense pass, by which sentences are located. */
  readonly denseRate: () => number
  readonly sampler: FrameSampler & SegmentSampler
  /** Of the program. */
  readonly version: string
}

type JobSide = Pick<JobRun, 'signal' | 'progress' | 'fail'>

/** Names in a warning. */
const namesShown = 10

/**
 * Evaluates what is not evaluated yet and then sums up: an evaluation that was killed goes on with the next example,
 * and with those that could not be read.
 * Everything is computed in single precision, on frames as published.
 * @throws ExpectedError when it cannot go on; the abort reason when it is told to stop.
 */
export async function evaluate(
  parts: EvaluationParts,
  folder: EvaluationFolder,
  { signal, progress, fail }: JobSide,
): Promise<Evaluation> {
  const { task, choice, modelHash } = folder.record
  const outputs = await folder.outputs()
  const { examples, labels, unopened = [] } = await settledData(folder, { begun: outputs.size > 0, signal, progress })
  // What could not be read may be there again, as a drive that was not connected.
  if (folder.record.figures === null && choice.predictions === null) {
    for (const [place, output] of outputs) if (isUnreadable(output)) outputs.delete(place)
  }
  const model = choice.predictions === null ? await parts.registry.info(choice.model) : null
  const hash = model ? model.hash : await hashOfPredictions(choice.predictions ?? '', signal)
  const count = model?.labels ?? null
  if (hash !== modelHash) {
    throw new ExpectedError(
      'model-changed',
      `${choice.predictions === null ? 'The model' : 'The file of predictions'} ‘${choice.model}’ is another one than when the evaluation began; evaluate again.`,
    )
  }
  const names =
    task === 'qa-classification' || task === 'video-classification'
      ? (await parts.registry.lfVila(choice.model)).record.labels
      : null
  const match: LabelMatch =
    task === 'retrieval' || task === 'moments' || task === 'qa-multichoice'
      ? { names: [], numbers: [], warnings: [] }
      : matchLabels(names, count ?? 0, labels)
  const warnings = new Set([...folder.record.warnings, ...match.warnings])
  const probed = await folder.probed()
  const files = new Map<string, string | undefined>()
  const late = new Set(unopened)
  // Rows that have no times in their videos, which were found out late: to be told apart from what cannot be read.
  const outside = new Set<number>()
  const left = (example: Example, place: number) =>
    choice.timeProbe && !isUnreadable(outputs.get(place)) ? changesLeft(example, place, probed) : []
  const comparesCopies = choice.originals !== null && folder.record.conditions?.copies == null
  if (choice.predictions !== null) {
    await takeFrom(choice.predictions)
  } else if (
    comparesCopies ||
    examples.some((example, place) => !outputs.has(place) || left(example, place).length > 0)
  ) {
    await evaluateRest()
  }
  const { figures, results, dualSoftmax, matrix, standings } = await resultsOf(
    { task, choice, folder: choice.dataset.folder, examples, outputs, labels: match },
    signal,
  )
  await folder.keepResults({ ...results, matrix, standings: [...standings] })
  const found = choice.timeProbe && probeFound({ task, examples, outputs, probed, labels: match })
  if (found) await folder.keepProbe(found)
  const leftOut = examples.flatMap((example, index) => {
    const output = outputs.get(index)
    return output && 'problem' in output && !outside.has(index) ? [videoName(example, choice.dataset.folder)] : []
  })
  if (leftOut.length > 0 && choice.predictions === null) {
    warnings.add(
      english`${leftOut.length} of ${examples.length} examples ${leftOut.length === 1 ? 'is' : 'are'} left out because ${leftOut.length === 1 ? 'its video' : 'their videos'} cannot be read: ${[...new Set(leftOut)].slice(0, namesShown).join(', ')}${new Set(leftOut).size > namesShown ? ', …' : ''}.`,
    )
  }
  const { sampling } = folder.record
  const conditions = withWords({
    text: textsReadOf(examples, outputs, choice.dataset.folder),
    dualSoftmax: dualSoftmax ?? null,
    tooMany: figures.task === 'retrieval' && !dualSoftmax ? matrix : null,
    training: model && sampling && trainedOtherwise(model, sampling),
    copies: folder.record.conditions?.copies ?? null,
  })
  const { absent, protocol } = folder.record
  const survivors = survivorsOf({ task, examples, outputs, standings, absent, protocol })
  const { queries, videos } = survivors
  const ended = {
    endedAt: Date.now(),
    figures,
    conditions,
    survivors,
    protocol:
      protocol &&
      evaluatedProtocol(
        protocol,
        { queries: queries.there, videos: videos.there },
        { queries: queries.all, videos: videos.all },
      ),
  }
  const from = await folder.from()
  const record = { ...folder.record, ...ended }
  return folder.change({
    state: 'finished',
    ...ended,
    agreement:
      from && compareCertificates(from, certificateOf({ record, examples, outputs, results: await folder.results() })),
    timeProbe:
      choice.timeProbe && found
        ? { seed: choice.timeProbe.seed, variants: found.map(({ summary }) => summary) }
        : folder.record.timeProbe,
    problem: null,
    warnings: [...warnings],
  })

  /** What a file predicts is all known at once. */
  async function takeFrom(file: string): Promise<void> {
    const { outputs: taken, notices } = await takePredictions(file, examples, signal)
    await warn(notices)
    for (const [place, output] of taken.entries()) {
      if (outputs.has(place)) continue
      await folder.append(place, output)
      outputs.set(place, output)
    }
  }

  /** For good at once: what was computed with a stand-in stays so when another process goes on. */
  async function warn(found: readonly string[]): Promise<void> {
    if (found.every(warning => warnings.has(warning))) return
    for (const warning of found) warnings.add(warning)
    await folder.change({ warnings: [...warnings] })
  }

  /** The identity of a video's file; none where it cannot be read. */
  async function fileOf(path: string): Promise<string | undefined> {
    const known = files.get(path) ?? (await contentIdentity(path, signal).catch(() => undefined))
    signal.throwIfAborted()
    files.set(path, known)
    return known
  }

  /** What is said of an example whose video cannot be read; other errors are thrown. */
  function unreadable(example: Example): (error: unknown) => { problem: string } {
    return error => {
      signal.throwIfAborted()
      if (!(error instanceof ExpectedError) || !isOfVideo(error)) throw error
      fail(videoName(example, choice.dataset.folder), error.message)
      return { problem: error.message }
    }
  }

  /** A row whose video was away when the times of the others were looked at, without times that it does not have. */
  async function settled(example: Example, place: number): Promise<Example> {
    const [video] = videosOf(example.content)
    if (!video || !late.has(video.path)) return example
    const info = await parts.sampler.probe(video.path, { signal })
    try {
      const { example: within, notices } = settleLate(example, { task, video: video.path, info })
      await warn(notices)
      return within
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error
      outside.add(place)
      await warn([error.message])
      throw error
    }
  }

  async function answered(evaluator: ExampleEvaluator, example: Example, place: number) {
    try {
      return await evaluator.of(await settled(example, place), signal)
    } catch (error) {
      return unreadable(example)(error)
    }
  }

  async function probe(evaluator: ExampleEvaluator, example: Example, place: number): Promise<void> {
    for (const variant of left(example, place)) {
      signal.throwIfAborted()
      const change = { variant, seed: choice.timeProbe?.seed ?? 0 }
      const found = await settled(example, place)
        .then(row => evaluator.changed(row, change, signal))
        .catch(unreadable(example))
      // A video that can no longer be read counts neither before nor after.
      if (found === null || 'problem' in found) continue
      await folder.appendProbed({ example: place, variant, found })
      probed.set(variant, (probed.get(variant) ?? new Map<number, Probed>()).set(place, found))
    }
  }

  /** Embeds originals of some videos; the videos themselves were just embedded. */
  async function compareCopies(evaluator: ExampleEvaluator): Promise<void> {
    const { originals, dataset } = choice
    if (originals === null || !evaluator.embedVideo) return
    const found = copyPairs(examples, {
      home: dataset.videos ?? dataset.folder,
      originals: await openOriginals(originals, task, signal),
    })
    const cosines: (number | null)[] = []
    for (const { copy, original, name } of found.pairs) {
      signal.throwIfAborted()
      progress({ done: cosines.length, total: found.pairs.length, unit: 'videos', current: basename(original.path) })
      try {
        const [one, other] = [await evaluator.embedVideo(copy, signal), await evaluator.embedVideo(original, signal)]
        cosines.push(similarityRow(one, [other])[0] ?? null)
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof ExpectedError) || !isOfVideo(error)) throw error
        fail(name, error.message)
        cosines.push(null)
      }
    }
    await folder.change({ conditions: withWords({ copies: copiesFound(found, cosines) }) })
  }

  async function evaluateRest(): Promise<void> {
    const { device, fallback } = await parts.device()
    const engine = new Engine({ launch: parts.launch, device, fallback })
    let evaluator: ExampleEvaluator | null = null
    try {
      evaluator = await openEvaluator(parts, folder.record, { engine, examples, signal })
      await warn([...(fallback ? [fallback] : []), ...evaluator.warnings])
      await folder.change({
        sampling: evaluator.sampling,
        computers: withComputer(folder.record.computers, await thisComputer(parts.version, device)),
      })
      const order = task === 'moments' ? byVideo(examples) : examples.map((_, place) => place)
      for (const [done, place] of order.entries()) {
        const example = examples[place]
        if (!example) continue
        signal.throwIfAborted()
        progress({
          done,
          total: examples.length,
          unit: 'examples',
          current: basename(videoName(example, choice.dataset.folder)),
        })
        if (outputs.has(place) && left(example, place).length === 0) continue
        const next = examples.find(
          (after, other) => other > place && (!outputs.has(other) || left(after, other).some(isOfFrames)),
        )
        const [ahead] = next ? videosOf(next.content) : []
        if (next && ahead && !late.has(ahead.path)) evaluator.prepare(next, signal)
        if (!outputs.has(place)) {
          const [video] = videosOf(example.content)
          const output = {
            ...(await answered(evaluator, example, place)),
            file: video && (await fileOf(video.path)),
          }
          await warn(evaluator.warnings)
          await folder.append(place, output)
          outputs.set(place, output)
        }
        await probe(evaluator, example, place)
      }
      progress({ done: examples.length, total: examples.length, unit: 'examples', current: null })
      if (comparesCopies) await compareCopies(evaluator)
    } finally {
      await evaluator?.close().catch(() => undefined)
      await engine.close()
    }
  }
}

/** The rows, without times that their videos do not have: found out once, before the first output. */
async function settledData(
  folder: EvaluationFolder,
  {
    begun,
    signal,
    progress,
  }: { readonly begun: boolean; readonly signal: AbortSignal; readonly progress: JobSide['progress'] },
): Promise<RunData> {
  const data = await folder.data()
  if (begun || data.timesSettled === true) return data
  const { examples, notices, unopened } = await settleTimes(data.examples, folder.record, {
    signal,
    onProgress: (done, total, current) => progress({ done, total, unit: 'videos', current }),
  })
  if (examples.length === 0) {
    throw new ExpectedError(
      'no-rows',
      `No row has times that are in its video: ${notices[0] ?? 'see the report of the folder'}`,
    )
  }
  await folder.change({ warnings: [...new Set([...folder.record.warnings, ...notices])] })
  const settled = { ...data, examples, timesSettled: true, unopened }
  await folder.keepData(settled)
  return settled
}

async function openEvaluator(
  { registry, denseRate, sampler }: EvaluationParts,
  { task, choice, sampling }: Evaluation,
  {
    engine,
    examples,
    signal,
  }: { readonly engine: Engine; readonly examples: readonly Example[]; readonly signal: AbortSignal },
): Promise<ExampleEvaluator> {
  // What has begun goes on with the same, whatever the settings say by now.
  const rate = sampling?.denseRate ?? denseRate()
  if (task === 'moments') {
    return new MomentLocator(await registry.open(choice.model, engine), { sampler, denseRate: rate })
  }
  if (task === 'retrieval') {
    return new ExampleEmbedder(await registry.open(choice.model, engine), sampler, choice.alignment ? rate : null)
  }
  return ExamplePredictor.open(await registry.lfVila(choice.model), {
    task,
    machine: { engine, sampler },
    examples,
    signal,
  })
}
