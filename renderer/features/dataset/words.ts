export const dataset = {
  dataset: {
    folder: 'Labelled folder', folderHint: 'Annotation files (jsonl, csv, ActivityNet Captions, ActivityNet-QA, How2QA, VIOLIN), captions beside the videos, or one folder for each class. Nothing in it is changed.',
    elsewhere: 'The videos are somewhere else', videos: 'Folder of the videos', videosHint: 'Searched with its subfolders for the names in the annotation files.', choose: 'Choose where the data is', chooseVideos: 'Choose where the videos are',
    reading: 'Reading the rows…', older: 'The fields were changed since: the folder is read again.', probing: 'Opening the videos: {done} of {total}', probingLabel: 'Opening the videos', stop: 'Stop opening the videos',
    formatLabel: 'Format', taskLabel: 'Task', splitLabel: 'Splits', seed: 'Seed', validationShare: 'Validation', testShare: 'Test',
    format: {
      'retrieval-jsonl': 'Retrieval (jsonl)', 'activitynet-qa': 'ActivityNet-QA', how2qa: 'How2QA', violin: 'VIOLIN', 'video-classification-jsonl': 'Video classification (jsonl)',
      'pretrain-jsonl': 'Pre-training (jsonl)', 'pretrain-lmdb': 'Pre-training (lmdb lists)', 'activitynet-captions': 'ActivityNet Captions (JSON)', 'captions-beside-videos': 'Captions beside the videos', 'class-folders': 'Folders named for classes', csv: 'Table with a header', 'json-table': 'Objects with named fields (jsonl)',
    },
    task: {
      retrieval: 'Paragraph-to-video retrieval', 'qa-classification': 'Question answering', 'qa-multichoice': 'Multiple choice', 'video-classification': 'Video classification',
      'pretrain-stage1': 'Pre-training, stage 1', 'pretrain-stage2': 'Pre-training, stage 2',
    },
    split: { given: 'as given', seeded: 'drawn' },
    splitHint: { given: 'By the names of the files or folders, or by the column or field “split”', seeded: 'Drawn by video with a seed, which is recorded' },
    drawnWith: 'drawn with seed {seed}: {validation} % validation, {test} % test',
    splits: { train: 'Training', validation: 'Validation', test: 'Test' },
    report: 'Report on the folder', videoCount: 'Videos', labelCount: 'Labels', hash: 'Data hash',
    allUsable: 'Every row can be used.', leftOut: 'No row is left out. | {count} row is left out. | {count} rows are left out.',
    opened: 'Every video was opened.', opening: 'The videos are being opened…', notOpened: 'The videos were not opened: broken ones are not known.',
    problems: 'What is wrong with the folder', severity: { error: 'Error', warning: 'Warning' }, further: 'and {count} more',
    files: 'How the annotation files were read', names: 'Names that differ from those of the files', videosFound: '{count} video: {differences} | {count} video: {differences} | {count} videos: {differences}',
    difference: { unicode: 'another Unicode form', case: 'other capitals', prefix: 'the prefix v_', extension: 'another extension', folder: 'another folder', times: 'times in the name' },
    labels: 'How often each label occurs', label: 'Label', allLabels: 'Show all {count} labels', fewerLabels: 'Show the most frequent',
    rows: 'The first {count} rows as the model gets them', rowsLabel: 'Example rows',
    row: { split: 'Split', video: 'Video', time: 'Time', whole: 'whole', text: 'Text', label: 'Label', source: 'From' },
  },
}
