export const tour = {
  tour: {
    label: 'Tour',
    start: 'Take the tour',
    progress: '{position} of {total}',
    back: 'Back',
    next: 'Next',
    skip: 'Skip the tour',
    end: 'Done',
    waiting: 'The first video is being drawn and indexed; it takes a minute.',
    noVideo: 'For this, index a video that has captions beside it.',
    library: {
      title: 'A library to begin with',
      text: 'Short stories are being drawn, each with a paragraph that tells it. Every video can be used as soon as it is indexed. Folders of your own are opened with the button at the top.',
    },
    search: {
      title: 'Search with a paragraph',
      text: 'This paragraph tells one of the stories; the videos are ranked by how well they fit. Change a colour or the order of the sentences, and search again.',
    },
    alignment: {
      title: 'See why it fits',
      text: 'Rows are clips, columns are sentences, and the path shows which sentence tells which clip. A click on a cell plays the clip.',
    },
    attention: {
      title: 'See what the model looks at',
      text: 'Choose a stage and a head: the map shows which frames attend to which, within the temporal windows of that stage.',
    },
    'fine-tune': {
      title: 'Teach it something new',
      text: 'Give a folder of labelled videos, and training starts on this machine, with its curves on this page. The tutorial does it in five minutes.',
    },
  },
}
