import { english } from '../../native-models/english.ts'
import type { FileRole } from '../api/downloads.ts'

/** A file as its publisher offers it. */
export interface PublishedFile {
  name: string
  role: FileRole
  url: string
  /** Bytes; null where the publisher states none. */
  size: number | null
  /** Hexadecimal; null where none is published (a server may still state one in its answer). */
  sha256: string | null
}

/** Files that belong together. `id` is also the name of their folder. */
export interface Publication {
  id: string
  title: string
  text: string
  licence: string
  page: string
  /** Publications that are fetched first, because an import takes them too; they are small. */
  needs?: readonly string[]
  files: readonly PublishedFile[]
  /** Of one that is a whole model: what an import takes, as `publication/file`, and `::member` of an archive. */
  model?: Readonly<Record<'weights' | 'config' | 'bertConfig' | 'vocab', string>>
}

/** The commit whose files the checksums below were computed from; a commit's content cannot change. */
const configurations =
  'https://raw.githubusercontent.com/microsoft/XPretrain/c37c904a008bcdec36ebf0f7ee7babc652d0f733/LF-VILA/src/configs'

/** What the authors of LF-VILA published and what their training begins with. */
export const catalogue: readonly Publication[] = [
  {
    id: 'lf-vila',
    title: english`LF-VILA, released weights`,
    text: english`The archive of the authors: weights after pre-training stage 1 (for search) and stage 2, the Swin and BERT weights that training began with, annotations of the benchmarks. A member of it is imported without unpacking.`,
    licence: english`Microsoft Research License Agreement for XPretrain: non-commercial use only, no redistribution`,
    page: 'https://github.com/microsoft/XPretrain/tree/main/LF-VILA',
    needs: ['configurations'],
    // As the published configurations call the weights of stage 1, which their retrieval begins with.
    model: {
      weights: 'lf-vila/lfvila_release.zip::lfvila_stage1.bin',
      config: 'configurations/pretrain_stage1.yaml',
      bertConfig: 'configurations/bert_large_config.json',
      vocab: 'configurations/vocab.txt',
    },
    // The link of LF-VILA/scripts/download_data.sh, a public read permission that its authors limited to 1 March 2027.
    files: [
      {
        name: 'lfvila_release.zip',
        role: 'weights',
        size: null,
        sha256: null,
        url: 'https://hdvila.blob.core.windows.net/dataset/lfvila_release.zip?sp=r&st=2023-03-16T05:01:27Z&se=2027-03-01T13:01:27Z&spr=https&sv=2021-12-02&sr=b&sig=lxR7bZ4i3Jpm4Z93u%2BgqhGvfF6DZ4hyRgPFwhwO9i78%3D',
      },
    ],
  },
  {
    id: 'configurations',
    title: english`Configurations and vocabulary`,
    text: english`What an import takes beside the weights; the other downloads bring it along. Configurations of both pre-training stages, of ActivityNet retrieval and question answering, of COIN classification and of BERT; the vocabulary of bert-base-uncased.`,
    licence: english`Configurations: Microsoft Research License Agreement for XPretrain; vocabulary: Apache 2.0`,
    page: 'https://github.com/microsoft/XPretrain/tree/main/LF-VILA/src/configs',
    files: [
      {
        name: 'pretrain_stage1.yaml',
        role: 'config',
        size: 3422,
        sha256: '5fc467431db02239161871c9f19ed2b384ee27c20bd1bbd35fc89d368a9ff016',
        url: `${configurations}/pretrain_stage1.yaml`,
      },
      {
        name: 'pretrain_stage2.yaml',
        role: 'config',
        size: 3555,
        sha256: '46237bac4f68b8a782c7f2ae37b4cc5a1dd9e77cd6fab99cfd5df46e3cb0bc03',
        url: `${configurations}/pretrain_stage2.yaml`,
      },
      {
        name: 'actnet_ret.yaml',
        role: 'config',
        size: 3041,
        sha256: 'c93ddffdc5dbd8ce815150c29b1226fbb40a5ed40fb1edde170527e366303b30',
        url: `${configurations}/actnet_ret.yaml`,
      },
      {
        name: 'actnet_qa.yaml',
        role: 'config',
        size: 2996,
        sha256: '49e7ea5cfba36715b0fd1a26f25eaccf7edf5c3217ef217b8498c08a97f2bfc2',
        url: `${configurations}/actnet_qa.yaml`,
      },
      {
        name: 'coin_cls.yaml',
        role: 'config',
        size: 3031,
        sha256: '43adec6421dd218aa074606c1a8e5e94615fa9b4ec6c849bf9708e3bfcd12efd',
        url: `${configurations}/coin_cls.yaml`,
      },
      {
        name: 'bert_large_config.json',
        role: 'bertConfig',
        size: 571,
        sha256: 'f9a38c9ffa369f288c3206d0bf352dfed11d7bdee93aa5b2de6d7fdc7bff7871',
        url: `${configurations}/bert_large_config.json`,
      },
      // Computed from the content whose Git blob hash is the ETag that the server states
      // (fb140275c155a9c7c5a3b3e0e77a9e839594a938).
      {
        name: 'vocab.txt',
        role: 'vocabulary',
        size: 231_508,
        sha256: '07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3',
        url: 'https://huggingface.co/google-bert/bert-base-uncased/resolve/main/vocab.txt',
      },
    ],
  },
  {
    id: 'swin-base',
    title: 'Swin-B, ImageNet-22K',
    text: english`The 2-D Swin transformer (window 12, 384 × 384) that the training of a video encoder begins with. The archive above holds it too.`,
    licence: 'MIT',
    page: 'https://github.com/microsoft/Swin-Transformer',
    needs: ['configurations'],
    files: [
      {
        name: 'swin_base_patch4_window12_384_22k.pth',
        role: 'swin',
        size: null,
        sha256: null,
        url: 'https://github.com/SwinTransformer/storage/releases/download/v1.0.0/swin_base_patch4_window12_384_22k.pth',
      },
    ],
  },
  {
    id: 'bert-large-uncased',
    title: 'BERT-large, uncased',
    text: english`The language model that the training of a text encoder begins with. The archive above holds it too.`,
    licence: 'Apache 2.0',
    page: 'https://huggingface.co/google-bert/bert-large-uncased',
    needs: ['configurations'],
    // The server states size and checksum with its answer.
    files: [
      {
        name: 'pytorch_model.bin',
        role: 'bert',
        size: null,
        sha256: null,
        url: 'https://huggingface.co/google-bert/bert-large-uncased/resolve/main/pytorch_model.bin',
      },
    ],
  },
]
