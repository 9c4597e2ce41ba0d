export const evaluation = {
  evaluation: {
    list: 'Evaluations', none: 'Nothing was measured yet. Choose a labelled folder and a model.', form: 'New evaluation', what: 'What is measured',
    splitsOfRun: 'The splits are those of the run “{run}”.', otherSplits: 'The run “{run}” had other splits: rows that it was trained on may be among those measured here.',
    model: 'Model', split: 'Split', splitCount: '{split} · {count}', start: 'Evaluate',
    noModel: 'No registered model does “{task}”: fine-tune one on such a folder, or import a checkpoint of this kind.', untrained: 'Random weights: what is measured with this model means nothing.',
    tiesLabel: 'Equal scores', ties: { average: 'averaged', reference: 'as published' },
    tiesHint: { average: 'An example whose score is tied takes the mean of the ranks it could have.', reference: 'A tie counts once for every place it covers, as in the published code.' },
    locate: 'Locate sentences that have times among the clips of their video',
    subject: '{model} on {data}, {split}', dataSplit: '{data}, {split}', state: { queued: 'waiting', running: 'running', finished: 'finished', cancelled: 'cancelled', failed: 'failed' },
    retrieval: 'Retrieval', textToVideo: 'Text to video', videoToText: 'Video to text', count: 'Examples', value: 'Value',
    alignment: 'Clips and sentences', clipsAndSentences: 'Aligned', clipAccuracy: 'Clip accuracy', temporalIoU: 'Temporal IoU', clips: 'Clips', sentences: 'Sentences',
    batchMean: 'Mean over batches', batchMeanHint: 'The published code reports the mean over batches, in which a small last batch weighs as much as a full one.', span: 'Span accuracy', frames: '{count} frames',
    viewLabel: 'View', view: { failures: 'Failures', confusion: 'Confusion' },
    failures: {
      title: 'Failures', count: 'Nothing was wrong. | {count} example was wrong. | {count} examples were wrong, the worst first.',
      rank: 'rank {rank}', right: 'Right:', said: 'Said instead', more: 'Show more',
      noPictures: 'Pictures are shown of videos that are in the library.', openInLibrary: 'Open the folder in the library',
    },
    confusion: {
      title: 'Confusion matrix', size: '{count} labels', right: 'right label', said: 'said label', count: 'Examples', share: 'Share', unit: 'of the examples of the right label',
      pairs: 'Pairs of right and said labels', more: 'and {count} further pairs; the exported table has all', chart: 'Confusion matrix of {count} labels: right labels down, said labels across',
    },
    remove: 'Delete', removeTitle: 'Delete this evaluation?', removeText: 'Its figures and the list of failures are deleted. The model and the data stay.',
  },
}
