import type { ProtocolName } from '../../../api/common/rules.ts'
import type { DatasetFormat, Split } from '../../../api/training/datasets.ts'

/** A published protocol of evaluation: what it is known by, and its numbers. */
export interface PublishedProtocol {
  readonly queries: number
  readonly videos: number
  /** What one query is: how the texts of a video are grouped. */
  readonly query: 'paragraph of its video' | 'caption' | 'question' | 'sentence with its windows'
  /** What is reported of it. */
  readonly metrics: readonly string[]
  /** Formats in which its rows come, and the splits that these formats give them. */
  readonly formats: readonly DatasetFormat[]
  readonly splits: readonly Split[]
  /** The files of its rows, where others of the same split are published beside them. */
  readonly files?: RegExp
  /** What its videos are called, without folder, extension and `v_`. */
  readonly names: RegExp
  /** SHA-256 over these names, each once, sorted, parted by line feeds; where the published list could be read. */
  readonly namesHash?: string
  /** Where the numbers are from. */
  readonly source: string
}

const ofRetrieval = ['R@1', 'R@5', 'R@10', 'median rank', 'mean rank']
const ofMoments = ['R1@0.5', 'R1@0.7', 'mAP@0.5', 'mAP@0.75', 'mAP']
const ofAnswers = ['accuracy']
/** Eleven characters; of those that begin with it, `v_` was taken for ActivityNet's prefix. */
const youtubeId = /^(?:[\w-]{9}|[\w-]{11})$/

/**
 * Of the protocols in use those whose numbers were found: counted in the published files, or stated by the source that
 * is named. The lists themselves are not here.
 */
export const publishedProtocols: Readonly<Record<ProtocolName, PublishedProtocol>> = {
  'activitynet-val1': {
    ...{ queries: 4917, videos: 4917, query: 'paragraph of its video', metrics: ofRetrieval },
    ...{ formats: ['activitynet-captions', 'retrieval-jsonl'], splits: ['validation', 'test'] },
    files: /val_?1(?!\d)/i,
    names: youtubeId,
    namesHash: 'b6f51ba91d7c78f59488e1d5c17a512023756478bd22746f8d637b59ce1277e4',
    source:
      'Liu et al., Collaborative Experts, appendix A.2 (10,009 videos to train, 4,917 to test); names as in the val_1 of line/lighthouse, d095eaa',
  },
  'activitynet-val2': {
    ...{ queries: 4885, videos: 4885, query: 'paragraph of its video', metrics: ofRetrieval },
    ...{ formats: ['activitynet-captions', 'retrieval-jsonl'], splits: ['validation', 'test'] },
    files: /val_?2(?!\d)/i,
    names: youtubeId,
    source:
      'notes on the official files and a data card of ActivityNet Captions, which agree: 4,885 videos with 17,031 sentences',
  },
  'didemo-test': {
    ...{ queries: 1004, videos: 1004, query: 'paragraph of its video', metrics: ofRetrieval },
    ...{ formats: ['didemo', 'retrieval-jsonl'], splits: ['test'] },
    names: /^\d+@N\d+_\d+_[0-9a-f]+/,
    source:
      'a data card of DiDeMo: 8,395, 1,065 and 1,004 videos; the test’s 4,021 descriptions are joined to one a video',
  },
  'msr-vtt-1ka': {
    ...{ queries: 1000, videos: 1000, query: 'caption', metrics: ofRetrieval },
    ...{ formats: ['msr-vtt', 'csv', 'json-table', 'retrieval-jsonl'], splits: ['test'] },
    names: /^video\d{4}$/,
    namesHash: '49a09fb68f7ec52b3b9bbb7e856ffbd3f00233976ed435fded658309c3cd491a',
    source: 'counted in MSRVTT_JSFUSION_test.csv, as in minhhieu121/AIC_benchmark, d9a073b',
  },
  'msr-vtt-full': {
    ...{ queries: 59_800, videos: 2990, query: 'caption', metrics: ofRetrieval },
    ...{ formats: ['msr-vtt', 'csv', 'json-table', 'retrieval-jsonl'], splits: ['test'] },
    names: /^video\d{4}$/,
    // video7010 to video9999.
    namesHash: '916e9b2dd9a4518131b76a1e9b4f47fd12847f50356ebd8413bcd555abe2bca8',
    source: 'Liu et al., Collaborative Experts, appendix A.2: 6,513, 497 and 2,990 videos, 20 captions each',
  },
  'msvd-test': {
    ...{ queries: 27_763, videos: 670, query: 'caption', metrics: ofRetrieval },
    ...{ formats: ['msvd', 'csv', 'json-table', 'retrieval-jsonl'], splits: ['test'] },
    names: /^[\w-]{11}_\d+_\d+$/,
    source: 'a data card of MSVD: 1,200, 100 and 670 videos with 48,774, 4,290 and 27,763 captions',
  },
  'lsmdc-test': {
    ...{ queries: 1000, videos: 1000, query: 'caption', metrics: ofRetrieval },
    ...{ formats: ['lsmdc', 'csv', 'json-table', 'retrieval-jsonl'], splits: ['test'] },
    // Film and the times of the clip: `1051_Harry_Potter_and_the_chamber_of_secrets_00.12.08.240-00.12.10.900`.
    names: /^\d{4}_.+_\d{2}\.\d{2}\.\d{2}\.\d{3}-\d{2}\.\d{2}\.\d{2}\.\d{3}$/,
    source:
      'LSMDC16_challenge_1000_publictect.csv, 1,000 videos, as misc/datasets/lsmdc of albanie/collaborative-experts, 31cf2d2, counts it',
  },
  'vatex-test': {
    ...{ queries: 15_000, videos: 1500, query: 'caption', metrics: ofRetrieval },
    ...{ formats: ['csv', 'json-table', 'retrieval-jsonl'], splits: ['test'] },
    names: /^[\w-]{11}_\d{6}_\d{6}$/,
    source:
      'dataset/README.md of danieljf24/hybrid_space (Dong et al., Dual Encoding): half of the published validation set, 1,500 clips with 15,000 English sentences',
  },
  'condensed-movies-test': {
    ...{ queries: 6589, videos: 6589, query: 'caption', metrics: ofRetrieval },
    ...{ formats: ['condensed-movies'], splits: ['test'] },
    names: youtubeId,
    namesHash: '8da3b9da73a4fcd78875445bc82429c53a4fb12494450e75bd12efb1a998a83d',
    source:
      'counted in data/metadata of m-bain/CondensedMovies, c4f0c35, without descriptions that several clips have, as its loader leaves them out',
  },
  'qvhighlights-val': {
    ...{ queries: 1550, videos: 1519, query: 'sentence with its windows' },
    metrics: [...ofMoments, 'highlights’ mAP', 'Hit@1'],
    ...{ formats: ['moments'], splits: ['validation'] },
    names: /^[\w-]{11}_\d+\.\d_\d+\.\d$/,
    namesHash: '0aaacc3605e3fc31004c2b2172c2d93ebf65cce6c80310a572b46e431f7670e6',
    source: 'counted in highlight_val_release.jsonl of line/lighthouse, d095eaa',
  },
  'charades-sta-test': {
    ...{ queries: 3720, videos: 1334, query: 'sentence with its windows', metrics: ofMoments },
    ...{ formats: ['charades-sta', 'moments'], splits: ['test'] },
    names: /^[0-9A-Z]{5}$/,
    namesHash: 'd83b886ca5db581eafbcb7e22e930fffe9ab07f3643894c56f26afb74bb72401',
    source: 'counted in charades_test_release.jsonl of line/lighthouse, d095eaa',
  },
  'tacos-test': {
    ...{ queries: 4001, videos: 25, query: 'sentence with its windows', metrics: ofMoments },
    ...{ formats: ['moments'], splits: ['test'] },
    names: /^s\d+-d\d+$/,
    namesHash: 'f019475012c5419a26eb76cb1514a61cc6b6665c5f645bfe5460ab3bd01212bd',
    source: 'counted in tacos_test_release.jsonl of line/lighthouse, d095eaa',
  },
  'activitynet-val1-moments': {
    ...{ queries: 17_505, videos: 4917, query: 'sentence with its windows', metrics: ofMoments },
    ...{ formats: ['moments', 'activitynet-captions'], splits: ['validation', 'test'] },
    files: /val_?1(?!\d)/i,
    names: youtubeId,
    namesHash: 'b6f51ba91d7c78f59488e1d5c17a512023756478bd22746f8d637b59ce1277e4',
    source: 'counted in activitynet_val_release.jsonl of line/lighthouse, d095eaa',
  },
  'activitynet-qa-val': {
    ...{ queries: 18_000, videos: 1800, query: 'question', metrics: ofAnswers },
    ...{ formats: ['activitynet-qa-pair', 'activitynet-qa'], splits: ['validation'] },
    names: youtubeId,
    namesHash: 'f129f98e9b6d7ebbce6141df5d4942d0387bcb008595dd7db6725e06158ce1ae',
    source: 'counted in val_q.json of MILVLG/activitynet-qa, 2cf80ae',
  },
  'activitynet-qa-test': {
    ...{ queries: 8000, videos: 800, query: 'question', metrics: ofAnswers },
    ...{ formats: ['activitynet-qa-pair', 'activitynet-qa'], splits: ['test'] },
    names: youtubeId,
    namesHash: '83014aa5dfebe45a80588228d8150bf1ec2e24f28052ecebcfadef0ef7cc4c4a',
    source: 'counted in test_q.json of MILVLG/activitynet-qa, 2cf80ae',
  },
  'how2qa-val': {
    ...{ queries: 2852, videos: 1166, query: 'question', metrics: ofAnswers },
    ...{ formats: ['how2qa-release'], splits: ['validation'] },
    names: youtubeId,
    namesHash: '0c7b05bd3e654d08c1e598fc100119117b931f0f5f076270722df3b3bbe61b17',
    source: 'counted in how2QA_val_release.csv of ych133/How2R-and-How2QA, 1c040a7',
  },
  'how2qa-test-public': {
    ...{ queries: 2937, videos: 1100, query: 'question', metrics: ofAnswers },
    ...{ formats: ['how2qa-release'], splits: ['test'] },
    names: youtubeId,
    namesHash: '6d9816600bf7eed3a95cefa9e6ceb3a1f282b662c6336c1fcc382d9e28cca5fc',
    source: 'counted in how2QA_test_public_release.csv of ych133/How2R-and-How2QA, 1c040a7',
  },
  'next-qa-val': {
    ...{ queries: 4996, videos: 570, query: 'question', metrics: ofAnswers },
    ...{ formats: ['csv', 'json-table'], splits: ['validation'] },
    names: /^\d+$/,
    namesHash: '3ce190e4546283464ade4302ab73336d40853ca03310f4ba91d0ba54e1329e9b',
    source: 'counted in dataset/nextqa/val.csv of doc-doc/NExT-QA, 6b92588',
  },
  'next-qa-test': {
    ...{ queries: 8564, videos: 1000, query: 'question', metrics: ofAnswers },
    ...{ formats: ['csv', 'json-table'], splits: ['test'] },
    names: /^\d+$/,
    namesHash: '12f518bb07061bea9d1a09c5200cdafcac100b4068cd360796ad1fb2fbf31cd1',
    source: 'counted in dataset/nextqa/test.csv of doc-doc/NExT-QA, 6b92588',
  },
  'egoschema-subset': {
    ...{ queries: 500, videos: 500, query: 'question', metrics: ofAnswers },
    ...{ formats: ['egoschema'], splits: ['test', 'validation'] },
    names: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    namesHash: 'eea0b3b048d68aaa92910d52b0483e4b16cbc67d3e488056d6ed2a54927c5c8e',
    source: 'counted in subset_answers.json of egoschema/EgoSchema, 505c787',
  },
  'egoschema-full': {
    ...{ queries: 5031, videos: 5031, query: 'question', metrics: ofAnswers },
    ...{ formats: ['egoschema'], splits: ['test', 'validation'] },
    names: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    namesHash: 'bae23f4ef5984e7a60ea5ccddc0ccd9801679b81172355a42607aa4cda343df0',
    source: 'counted in uid_to_ego4d.json of egoschema/EgoSchema, 505c787',
  },
}
