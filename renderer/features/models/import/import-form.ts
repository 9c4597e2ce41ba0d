import type { ImportInput, ModelKind } from '../../../../main/api/index.ts'

/** An import as it stands in the form: paths as typed, empty where there is none. */
export interface ImportForm {
  /** One path per line. */
  weights: string
  config: string
  bertConfig: string
  vocab: string
  /** Of the ONNX files in a folder. */
  variant: string
  kind: ModelKind | 'guess'
  name: string
  /** Whether weights that the checkpoint lacks are made. */
  initialise: boolean
  swin: string
  bert: string
  seed: number
  start: NonNullable<ImportInput['init']>['start']
  resizeBias: NonNullable<ImportInput['resizeBias']> | 'no'
}

export const emptyImport: ImportForm = {
  weights: '',
  config: '',
  bertConfig: '',
  vocab: '',
  variant: '',
  kind: 'guess',
  name: '',
  initialise: false,
  swin: '',
  bert: '',
  seed: 0,
  start: 'published',
  resizeBias: 'no',
}

export function toImportInput(form: ImportForm): ImportInput {
  const path = (text: string) => text.trim() || null
  return {
    weights: form.weights
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean),
    config: path(form.config),
    bertConfig: path(form.bertConfig),
    vocab: path(form.vocab),
    variant: path(form.variant) ?? undefined,
    kind: form.kind === 'guess' ? null : form.kind,
    name: path(form.name),
    init: form.initialise ? { swin: path(form.swin), bert: path(form.bert), seed: form.seed, start: form.start } : null,
    resizeBias: form.resizeBias === 'no' ? null : form.resizeBias,
  }
}
