import { exportFormat, modelKind } from '../../../api/models.ts'
import type { Command } from '../terminal/command.ts'
import { device, flag, string, unlimited } from './shared-options.ts'

/** What is done with models. */
export const modelCommands: Command[] = [
  {
    name: 'model import',
    usage: '([WEIGHTS…] --config JSON|YAML | FOLDER | DUAL-ENCODER.json)',
    summary:
      'register a checkpoint, or any dual encoder given as ONNX files: a folder from Hugging Face, or a description',
    options: {
      config: string,
      variant: string,
      'bert-config': string,
      vocab: string,
      kind: string,
      name: string,
      init: { type: 'string', multiple: true },
      'resize-bias': string,
    },
    positionals: { least: 0, most: unlimited },
    help: [
      ['--config FILE', "the model's configuration, JSON or YAML"],
      ['--bert-config FILE', "the text encoder's configuration, JSON"],
      ['--vocab FILE', 'vocab.txt or tokenizer.json'],
      [`--kind ${modelKind.options.join('|')}`, 'which heads it has (default: guessed from its keys)'],
      ['--name ID', 'what to call it'],
      ['--variant V', 'of the ONNX files in FOLDER, as in fp16 or quantized (default: the plain ones)'],
      [
        '--init swin=FILE|bert=FILE|random=SEED|scaled=SEED',
        'where missing weights come from: a 2-D Swin transformer, BERT, random numbers for the rest; may be given several times',
      ],
      ['--resize-bias time|full', 'resize bias tables of windows that differ in time only, or in any axis'],
    ],
    load: async () => (await import('./models/model-command.ts')).importModel,
  },
  {
    name: 'model download',
    usage: '[ID | hf:OWNER/NAME[@REVISION]]',
    summary: 'list the published files, fetch one entry, or get a model of Hugging Face ready by its name',
    options: { variant: string },
    positionals: { least: 0, most: 1 },
    help: [['--variant V', 'of the ONNX files of such a model, as in fp16 or quantized (default: the plain ones)']],
    load: async () => (await import('./models/download-command.ts')).download,
  },
  {
    name: 'model list',
    usage: '',
    summary: 'the registered models',
    options: {},
    positionals: { least: 0, most: 0 },
    help: [],
    load: async () => (await import('./models/model-command.ts')).listModels,
  },
  {
    name: 'model info',
    usage: 'ID',
    summary: 'one model in detail',
    options: {},
    positionals: { least: 1, most: 1 },
    help: [],
    load: async () => (await import('./models/model-command.ts')).modelInfo,
  },
  {
    name: 'model verify',
    usage: 'FIXTURE [--case NAME…]',
    summary: 'compare the model code with numbers computed elsewhere',
    options: { case: { type: 'string', multiple: true }, device: string, precision: string },
    positionals: { least: 1, most: unlimited },
    help: [
      ['--case NAME…', 'only these cases'],
      ['--precision fp32|fp16', 'to compute in (default: fp32)'],
      [device[0], 'where to compute (default: cpu)'],
    ],
    load: async () => (await import('./models/model-command.ts')).verifyModel,
  },
  {
    name: 'model export',
    usage: 'ID --format F --out PATH',
    summary: 'write a model as a checkpoint or as ONNX programs',
    options: { format: string, out: string, precision: string, sentences: string, overwrite: flag },
    positionals: { least: 1, most: 1 },
    help: [
      [
        `--format ${exportFormat.options.join('|')}`,
        'the published state dict as PyTorch or safetensors, or a folder of ONNX programs',
      ],
      ['--out PATH', 'the file or folder to write'],
      ['--precision fp32|fp16', 'of the weights (default: fp32)'],
      ['--sentences M', 'of a question, for ONNX programs that answer (default: as in the published task)'],
      ['--overwrite', 'replace what is at PATH'],
    ],
    load: async () => (await import('./models/export-command.ts')).exportModel,
  },
  {
    name: 'model remove',
    usage: 'ID',
    summary: 'forget a model and its embeddings',
    options: {},
    positionals: { least: 1, most: 1 },
    help: [],
    load: async () => (await import('./models/model-command.ts')).removeModel,
  },
]
