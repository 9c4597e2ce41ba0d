import { constants } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Program, ValueInfo } from '../../../native-models/graph/program.ts'
import type { ExportInput } from '../../api/models.ts'
import { embedsBoth, publishedText } from '../../model-folder/kinds.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { weightsFile } from '../../model-folder/model-file.ts'
import { programFile } from '../../programs/program-files.ts'
import { buildProgram } from '../../programs/program-recipes.ts'
import type { ProgramRecipe } from '../../programs/program-recipes.ts'
import type { ExportOptions } from './export.ts'

/** The file that describes the folder, and tells that an export wrote it. */
export const onnxMark = 'lfvila-onnx.json'

const described: Readonly<Record<string, string>> = {
  video:
    'frames sampled evenly over the video, RGB 0–255; the program divides by 255 and normalises with the ImageNet mean and deviation',
  textIds: 'WordPiece ids of each sentence with [CLS] and [SEP], padded with 0; a missing sentence is all 0',
  attentionMask: '1 for a token, 0 for padding; a missing sentence is all 0',
  videoGlobal: 'embedding of the whole segment, L2-normalised',
  videoLocal: 'embedding of each clip, L2-normalised',
  videoClips: 'mean features of each clip before projection',
  textGlobal: 'embedding of the paragraph, L2-normalised; its product with videoGlobal ranks videos',
  textLocal: 'embedding of each sentence, L2-normalised; its product with videoLocal aligns clips and sentences',
  logits: 'one for each answer or class; softmax gives probabilities',
  'span.logits': 'for each frame whether it belongs to the span that answers: no, yes',
}

/** @throws ExpectedError for a precision that the programs are not written in. */
export function assertOnnx({ id }: RegisteredModel, { precision }: ExportInput): void {
  if (precision === 'fp16') {
    throw new ExpectedError(
      'export-precision',
      `ONNX programs are written in fp32; export ‘${id}’ so, or as torch or safetensors in fp16.`,
    )
  }
}

/**
 * Writes a folder of ONNX programs that share one file of weights: `encode-video.onnx` and `encode-text.onnx` of a
 * model that searches, `answer.onnx` of one that classifies, with a description of inputs and outputs in
 * `lfvila-onnx.json`.
 */
export async function writeOnnxFolder(
  model: RegisteredModel,
  { sentences }: ExportInput,
  { folder, signal, onProgress }: { readonly folder: string } & ExportOptions,
): Promise<void> {
  const { record, config } = model
  await mkdir(folder)
  const recipes: readonly ProgramRecipe[] = embedsBoth(record.kind)
    ? [
        { program: 'encode-video', pixels: 'uint8', form: 'explicit', precision: 'fp32' },
        { program: 'encode-text', precision: 'fp32' },
      ]
    : [{ program: 'answer', pixels: 'uint8', ...publishedText(config, sentences ?? publishedSentences(model)) }]
  const files = [...recipes.map(({ program }) => `${program}.onnx`), weightsFile]
  const programs = []
  for (const [index, recipe] of recipes.entries()) {
    signal?.throwIfAborted()
    onProgress?.(index, files.length, `${recipe.program}.onnx`)
    await copyFile(await programFile(model, recipe, signal), join(folder, `${recipe.program}.onnx`))
    programs.push({ file: `${recipe.program}.onnx`, ...interfaceOf(buildProgram(model, recipe)) })
  }
  onProgress?.(recipes.length, files.length, weightsFile)
  await copyFile(join(model.folder, weightsFile), join(folder, weightsFile), constants.COPYFILE_FICLONE)
  signal?.throwIfAborted()
  if (record.vocabulary) await copyFile(join(model.folder, record.vocabulary), join(folder, record.vocabulary))
  const [height, width] = config.video.inputSize
  await writeFile(
    join(folder, onnxMark),
    `${JSON.stringify(
      {
        format: 'lfvila-onnx/1',
        model: model.id,
        kind: record.kind,
        hash: record.hash,
        weights: weightsFile,
        vocabulary: record.vocabulary,
        programs,
        video: { frames: config.video.frames, clips: config.clips, height, width },
        tokensPerSentence: config.text.tokensPerSentence,
      },
      null,
      2,
    )}\n`,
    { flush: true },
  )
  onProgress?.(files.length, files.length, null)
}

/**
 * Question and answer tasks of the published code: a question alone, or question, answer and six subtitles (REFERENCE
 * §6).
 */
const publishedSentences = ({ record }: RegisteredModel): number => (record.kind === 'qa-multichoice' ? 8 : 1)

function interfaceOf({ inputs, outputs }: Program) {
  const say = ({ name, dtype, shape }: ValueInfo) => ({ name, dtype, shape, meaning: described[name] ?? '' })
  return { inputs: inputs.map(say), outputs: outputs.map(say) }
}
