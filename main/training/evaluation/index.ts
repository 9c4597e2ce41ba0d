export { accuracyOf, confusionMatrix, said } from './accuracy.ts'
export { alignmentFigures, alignVideo, temporalIoU } from './alignment.ts'
export { chosenFigure, figuresOf, namedFigures } from './figures.ts'
export { answersOf, predict } from './predict.ts'
