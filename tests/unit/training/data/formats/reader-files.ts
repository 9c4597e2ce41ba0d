import type { DatasetFormat } from '../../../../../main/api/training/datasets.ts'
import { elanSession } from './elan-session.ts'

/** A format's smallest files, good and bad. */
export interface ReaderFiles {
  readonly format: DatasetFormat
  /** Files with two rows that can be read, of the videos a and b. */
  readonly good: Readonly<Record<string, string>>
  /** The same with rows that cannot, between the two. */
  readonly bad: Readonly<Record<string, string>>
  /** Where the first of them is, and what is said of it. */
  readonly first: RegExp
  /** How many there are. */
  readonly count: number
  readonly rows?: number
  readonly frameRate?: number
}

const lines = (...values: unknown[]) => values.map(value => JSON.stringify(value)).join('\n')
const map = (value: object) => JSON.stringify(value, null, 1)
const listOfLines = (...values: unknown[]) => `[\n${values.map(value => JSON.stringify(value)).join(',\n')}\n]`

const clips = (video: string) => [1, 2, 3, 4].map(number => ({ clip_id: `${video}${number}`, text: `part ${number}` }))
const asked = (q_uid: string, more: object = {}) => ({
  q_uid,
  question: 'what',
  'option 0': 'x',
  'option 1': 'y',
  ...more,
})
const task = (id: number, video: unknown, end: unknown = 50) => ({
  id,
  data: { video },
  annotations: [
    {
      id,
      result: [{ id: 'r', type: 'timelinelabels', value: { ranges: [{ start: 1, end }], timelinelabels: ['cuts'] } }],
    },
  ],
})
const entry = (sentence: unknown = 'she cuts') => ({
  duration: 9,
  subset: 'training',
  annotations: [{ segment: [0, 1], id: 0, sentence }],
})

/** Two good rows of each format, and bad ones between them. */
export const readers: readonly ReaderFiles[] = [
  {
    format: 'retrieval-jsonl',
    good: { 'train.jsonl': lines({ clip_id: 'a', text: 'x' }, { clip_id: 'b', text: 'y' }) },
    bad: {
      'train.jsonl': lines(
        { clip_id: 'a', text: 'x' },
        { clip_id: 'a', text: 7 },
        { clip_id: 'b', text: {} },
        { clip_id: 'b', text: 'y' },
      ),
    },
    first: /field ‘text’.*train\.jsonl:2/,
    count: 2,
  },
  {
    format: 'activitynet-qa',
    good: {
      'train.jsonl': lines(
        { video_name: 'a', question: 'q', answer: 'x' },
        { video_name: 'b', question: 'q', answer: 'y' },
      ),
    },
    bad: {
      'train.jsonl': lines(
        { video_name: 'a', question: 'q', answer: 'x' },
        { video_name: 'a', question: 'q', answer: -1 },
        { video_name: 'b', question: 'q', answer: 'y' },
      ),
    },
    first: /field ‘answer’.*train\.jsonl:2/,
    count: 1,
  },
  {
    format: 'activitynet-qa-pair',
    good: {
      'train_q.json': listOfLines(
        { video_name: 'a', question: 'q', question_id: '1' },
        { video_name: 'b', question: 'q', question_id: '2' },
      ),
      'train_a.json': listOfLines({ answer: 'x', question_id: '1' }, { answer: 'y', question_id: '2' }),
    },
    bad: {
      'train_q.json': listOfLines(
        { video_name: 'a', question: 'q', question_id: '1' },
        { video_name: 'a', question_id: '3' },
        { video_name: 'b', question: 'q', question_id: '2' },
      ),
      'train_a.json': listOfLines(
        { answer: 'x', question_id: '1' },
        { answer: 'y', question_id: '2' },
        { answer: 'y', question_id: '3' },
      ),
    },
    first: /field ‘question’.*train_q\.json:3/,
    count: 1,
  },
  {
    format: 'how2qa',
    good: {
      'train.jsonl': lines(
        ...['a', 'b'].map(clip_id => ({ clip_id, text_q: 'q', text_a: ['x', 'y'], text_s: [], answer_idx: 0 })),
      ),
    },
    bad: {
      'train.jsonl': lines(
        { clip_id: 'a', text_q: 'q', text_a: ['x', 'y'], text_s: [], answer_idx: 0 },
        { clip_id: 'a', text_q: 'q', text_a: ['x', 'y'], text_s: [], answer_idx: 2 },
        { clip_id: 'b', text_q: 'q', text_a: ['x', 'y'], text_s: [], answer_idx: 0 },
      ),
    },
    first: /field ‘answer_idx’.*train\.jsonl:2/,
    count: 1,
  },
  {
    format: 'how2qa-release',
    good: { 'how2QA_train_release.csv': 'a,[0.0:0.5],x,y,z,which?,w\nb,[0.0:0.5],x,y,z,which?,w' },
    bad: {
      'how2QA_train_release.csv': 'a,[0.0:0.5],x,y,z,which?,w\na,[0.0:0.5],x,y,which?\nb,[0.0:0.5],x,y,z,which?,w',
    },
    first: /how2QA_train_release\.csv:2/,
    count: 1,
  },
  {
    format: 'egoschema',
    good: { 'train/questions.json': listOfLines(asked('a'), asked('b')), 'subset_answers.json': '{"a": 0, "b": 1}' },
    bad: {
      'train/questions.json': listOfLines(asked('a'), asked('c', { question: 3 }), asked('b')),
      'subset_answers.json': '{"a": 0, "b": 1}',
    },
    first: /field ‘question’.*questions\.json:3/,
    count: 1,
  },
  {
    format: 'violin',
    good: {
      'train.jsonl': lines(
        ...['a', 'b'].map(clip_id => ({ clip_id, text_q: 'q', text_s: [{ text: 's' }], answer: 1 })),
      ),
    },
    bad: {
      'train.jsonl': lines(
        { clip_id: 'a', text_q: 'q', text_s: [], answer: 1 },
        { clip_id: 'a', text_q: 'q', text_s: [], answer: 3 },
        { clip_id: 'b', text_q: 'q', text_s: [], answer: 0 },
      ),
    },
    first: /field ‘answer’.*train\.jsonl:2/,
    count: 1,
  },
  {
    format: 'violin-release',
    good: {
      'violin_annotation.json': map(
        Object.fromEntries(
          ['a', 'b'].map(file => [file, { file, split: 'train', sub: [], statement: [['true', 'false']] }]),
        ),
      ),
    },
    bad: {
      'violin_annotation.json': map({
        a: { file: 'a', split: 'train', sub: [], statement: [['true', 'false']] },
        c: { file: 'c', split: 'train', sub: [], statement: [['alone']] },
        b: { file: 'b', split: 'train', sub: [], statement: [['true', 'false']] },
      }),
    },
    first: /‘statement.*violin_annotation\.json: c/,
    count: 1,
    rows: 4,
  },
  {
    format: 'video-classification-jsonl',
    good: { 'train.jsonl': lines({ video_id: 'a', recipe_type: 0 }, { video_id: 'b', recipe_type: 1 }) },
    bad: {
      'train.jsonl': lines(
        { video_id: 'a', recipe_type: 0 },
        { video_id: 'a', recipe_type: -3 },
        { video_id: 'b', recipe_type: 1 },
      ),
    },
    first: /train\.jsonl:2/,
    count: 1,
  },
  {
    format: 'pretrain-jsonl',
    good: { 'train.jsonl': lines(clips('a'), clips('b')) },
    bad: { 'train.jsonl': lines(clips('a'), [{ clip_id: 'a1' }], [], clips('b')) },
    first: /field ‘0\.text’.*train\.jsonl:2/,
    count: 2,
  },
  {
    format: 'activitynet-captions',
    good: {
      'train.json': map({
        a: { duration: 9, timestamps: [[0, 1]], sentences: ['x'] },
        b: { duration: 9, timestamps: [[0, 1]], sentences: ['y'] },
      }),
    },
    bad: {
      'train.json': map({
        a: { duration: 9, timestamps: [[0, 1]], sentences: ['x'] },
        c: { duration: 9, timestamps: [[0, 1]], sentences: ['x', 'y'] },
        b: { duration: 9, timestamps: [[0, 1]], sentences: ['y'] },
      }),
    },
    first: /field ‘timestamps’.*train\.json: c/,
    count: 1,
  },
  {
    format: 'video-database',
    good: { 'all.json': map({ database: { a: entry(), b: entry('she stirs') } }) },
    bad: { 'all.json': map({ database: { a: entry(), c: entry(5), b: entry('she stirs') } }) },
    first: /field ‘annotations\.0\.sentence’.*all\.json: c/,
    count: 1,
  },
  {
    format: 'didemo',
    good: {
      'train_data.json': listOfLines(
        ...['a', 'b'].map(video => ({ video: `${video}.mp4`, description: 'x', times: [[0, 0]], num_segments: 2 })),
      ),
    },
    bad: {
      'train_data.json': listOfLines(
        { video: 'a.mp4', description: 'x', times: [[0, 0]], num_segments: 2 },
        { video: 'a.mp4', description: 'x', times: 'never', num_segments: 2 },
        { video: 'b.mp4', description: 'x', times: [[0, 0]], num_segments: 2 },
      ),
    },
    first: /field ‘times’.*train_data\.json:3/,
    count: 1,
  },
  {
    format: 'moments',
    good: {
      'train.jsonl': lines(
        ...['a', 'b'].map((vid, qid) => ({ qid, query: 'x', duration: 9, vid, relevant_windows: [[0, 1]] })),
      ),
    },
    bad: {
      'train.jsonl': lines(
        { qid: 1, query: 'x', vid: 'a', relevant_windows: [[0, 1]] },
        { qid: 2, query: 'x', vid: 'a', relevant_windows: [[0]] },
        { qid: 3, query: 'x', vid: 'a', relevant_windows: [] },
        { qid: 4, query: 'x', vid: 'b', relevant_windows: [[0, 1]] },
      ),
    },
    first: /field ‘relevant_windows\.0.*train\.jsonl:2/,
    count: 2,
  },
  {
    format: 'charades-sta',
    good: { 'charades_sta_train.txt': 'a 0.0 1.0##she cuts.\nb 0.0 1.0##she stirs.' },
    bad: { 'charades_sta_train.txt': 'a 0.0 1.0##she cuts.\na nan 1.0##she cuts.\nb 0.0 1.0##she stirs.' },
    first: /charades_sta_train\.txt:2/,
    count: 1,
  },
  {
    format: 'msr-vtt',
    good: {
      'MSRVTT_data.json': map({
        videos: ['a', 'b'].map(video_id => ({ video_id, split: 'train' })),
        sentences: ['a', 'b'].map(video_id => ({ video_id, caption: 'x' })),
      }),
    },
    bad: {
      'MSRVTT_data.json': map({
        videos: ['a', 'b'].map(video_id => ({ video_id, split: 'train' })),
        sentences: [{ video_id: 'a', caption: 'x' }, { video_id: 'a' }, { video_id: 'b', caption: 'x' }],
      }),
    },
    first: /field ‘caption’.*MSRVTT_data\.json/,
    count: 1,
  },
  {
    format: 'msvd',
    good: { 'AllVideoDescriptions.txt': 'a_0_1 she cuts\nb_0_1 she stirs' },
    bad: { 'AllVideoDescriptions.txt': 'a_0_1 she cuts\nb_0_1\nb_0_1 she stirs' },
    first: /AllVideoDescriptions\.txt:2/,
    count: 1,
  },
  {
    format: 'condensed-movies',
    good: {
      'clips.csv': 'videoid,title,imdbid\na,T,t1\nb,T,t1',
      'split.csv': 'imdbid,split\nt1,train',
      'descriptions.csv': 'videoid,description\na,she cuts\nb,she stirs',
    },
    bad: {
      'clips.csv': 'videoid,title,imdbid\na,T,t1\nb,T,t1',
      'split.csv': 'imdbid,split\nt1,train',
      'descriptions.csv': 'videoid,description\na,she cuts\na,she cuts,and more\nb,she stirs',
    },
    first: /descriptions\.csv:3/,
    count: 1,
  },
  {
    format: 'lvu',
    good: { 'train.csv': 'label label_name youtube_id index\n0 red a_a_a_a_a_a 0\n1 blue b_b_b_b_b_b 1' },
    bad: { 'train.csv': 'label label_name youtube_id index\n0 red a_a_a_a_a_a 0\nx red\n1 blue b_b_b_b_b_b 1' },
    first: /train\.csv:3/,
    count: 1,
  },
  {
    format: 'lsmdc',
    good: {
      'train.csv': ['a\t', 'b\t'].map(clip => `${clip}${'00.00.01.926\t'.repeat(4)}"She cuts.`).join('\n'),
    },
    bad: {
      'train.csv': ['a\t', 'b\t00.00.00.926\t', 'b\t']
        .map(clip => `${clip}${'00.00.01.926\t'.repeat(4)}"She cuts.`)
        .join('\n'),
    },
    first: /four times.*train\.csv:2/,
    count: 1,
  },
  {
    format: 'openmmlab',
    good: { 'train.txt': 'a.mp4 0\nb.mp4 1' },
    bad: { 'train.txt': 'a.mp4 0\na.mp4 first\nb.mp4 1' },
    first: /‘clip\.mp4 3’.*train\.txt:2/,
    count: 1,
  },
  {
    format: 'csv',
    good: { 'train.csv': 'video,start,end,text\na,0,1,"she cuts, then\nstirs"\nb,0,1,she waits' },
    bad: {
      'train.csv':
        'video,start,end,text\na,0,1,"she cuts, then\nstirs"\nb,soon,1,she waits\nb,0,1\n,0,1,she waits\nb,0,1,she waits',
    },
    first: /a time that cannot be read \(‘soon’\).*train\.csv:4/,
    count: 3,
  },
  {
    format: 'json-table',
    good: { 'train.json': listOfLines({ file_name: 'a.mp4', caption: 'x' }, { file_name: 'b.mp4', caption: 'y' }) },
    bad: {
      'train.json': listOfLines(
        { file_name: 'a.mp4', caption: 'x' },
        'none',
        { caption: 'lost' },
        { file_name: 'b.mp4', caption: 'y' },
      ),
    },
    first: /no object with named fields.*train\.json:3/,
    count: 2,
  },
  {
    format: 'elan',
    good: {
      'train/one.eaf': elanSession.replaceAll('kitchen.mp4', 'a.mp4'),
      'train/two.eaf': elanSession.replaceAll('kitchen.mp4', 'b.mp4'),
    },
    bad: { 'train/cut.eaf': elanSession.slice(0, 900) },
    first: /no ELAN file that can be read: in line.*cut\.eaf/,
    count: 1,
  },
  {
    format: 'label-studio',
    good: { 'train.json': listOfLines(task(1, 'a.mp4'), task(2, 'b.mp4')) },
    bad: { 'train.json': listOfLines(task(1, 'a.mp4'), { id: 3, data: {} }, task(4, 7), task(2, 'b.mp4')) },
    first: /field ‘annotations’.*train\.json:3/,
    count: 2,
    frameRate: 25,
  },
]
