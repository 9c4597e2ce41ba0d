import type { RunRecord } from '../../api/training/training.ts'
import { jobFiles } from './job-config.ts'

export interface JobReadmeParts {
  readonly run: RunRecord
  readonly command: string
  /** The job's folder as it is called inside that of the published code. */
  readonly name: string
  /** Which weights the start checkpoint holds. */
  readonly weights: string
  /** The folder that holds the videos here. */
  readonly videos: string
  readonly differences: readonly string[]
  /** Of the files that only some jobs have, those that this one has. */
  readonly files: readonly string[]
}

/** What someone who gets the job must know to run it. */
export function jobReadme({
  run,
  command,
  name,
  weights,
  videos,
  differences,
  files: further,
}: JobReadmeParts): string {
  const steps = [
    'Get the published code, LF-VILA of [microsoft/XPretrain](https://github.com/microsoft/XPretrain), with the environment that its README describes.',
    `Copy this folder into LF-VILA, under the name \`${name}\`.`,
    `Bring the videos to the cluster (here they lie in ${code(videos)}) and run \`sh ${jobFiles.videos} FOLDER\`: it fills \`videos/\` with links, and with ffmpeg where the code reads only a part of a video. Other endings than .mp4 do no harm: the links are named as the code expects them.`,
    `In LF-VILA, run\n\n   \`\`\`sh\n   export PYTHONPATH="$PYTHONPATH:$PWD"\n   ${command}\n   \`\`\``,
    'Results are in `results/`: `saved_model/epoch_000_step_00000` is its best model, the others are named for epoch and step.',
    `Bring \`pytorch_model.bin\` of one of them back, or \`mp_rank_00_model_states.pt\` of a checkpoint, and import it where the job came from: \`finetune --continue ${run.id} --checkpoint pytorch_model.bin\`.`,
  ]
  const meanings: Record<string, string> = {
    [jobFiles.retrieval]: 'rows of the same videos for validation by retrieval',
    [jobFiles.labels]: 'names of the labels, in the order of their numbers',
    'vocab.txt': 'vocabulary of the model',
  }
  const files = [
    [jobFiles.config, 'the run in the schema of LF-VILA/src/configs'],
    [jobFiles.bert, 'the text encoder'],
    [jobFiles.start, weights],
    [jobFiles.train, 'rows for training'],
    [jobFiles.validation, 'rows for validation'],
    ...further.map(file => [file, meanings[file]]),
    [jobFiles.videos, 'puts the videos where the code looks for them'],
  ]
  return `${[
    `# ${run.config.name}: a job of LF-VILA’s published code`,
    `The run \`${run.id}\` (${run.config.task}) of LF-VILA Workbench, to go on with PyTorch and DeepSpeed. Data hash ${run.dataHash}.`,
    '## How to run it',
    steps.map((step, index) => `${index + 1}. ${step}`).join('\n'),
    '## What is different there',
    differences.map(sentence => `- ${sentence}`).join('\n'),
    '## Files',
    files.map(([file, meaning]) => `- \`${file}\`: ${meaning}`).join('\n'),
  ].join('\n\n')}\n`
}

const code = (text: string): string => `\`\`${text}\`\``
