export const plans = {
  plans: {
    today: 'Works today', coming: 'Coming',
    fineTune: {
      lead: 'Fine-tuning continues the training of a model on a folder of your own labelled videos, on whatever device this machine has. Training is not part of this version.',
      today: {
        first: 'Import a checkpoint that was trained elsewhere and use it for search, alignment and attention.',
        second: 'Prepare the data: videos with captions beside them (.txt, .srt, .vtt, .json) in one folder. Library shows what is read from each.',
        third: 'Check that the encoder computes the numbers of the published code: Models, “Verify against a reference”.',
      },
      coming: {
        first: 'Retrieval, classification, question answering and multiple choice, with the losses of the paper.',
        second: 'Data checked before a run starts: what is missing, too long or labelled twice.',
        third: 'Curves while it trains, pause and resume, and the best checkpoint registered as a model.',
      },
    },
    evaluate: {
      lead: 'Evaluation measures a model on a folder of videos with paragraphs: how often the right video comes first, and how far down it is otherwise. Measuring is not part of this version.',
      today: {
        first: 'Search with the paragraph of a video and see its rank in the list.',
        second: 'Compare computed and captioned times of one video in Alignment: dashed frames are the caption file, the warm line is the computed path.',
        third: 'Export the similarity matrix of any video as CSV or JSON.',
      },
      coming: {
        first: 'Recall at 1, 5, 10 and 50, median and mean rank, from text to video and from video to text.',
        second: 'Two models side by side on the same data, with the differences that matter.',
        third: 'The hardest queries, with their videos, one click from Alignment.',
      },
    },
  },
}
