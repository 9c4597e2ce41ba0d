import type { Words } from '../../locale/words.ts'
import type { questions } from './words.ts'

export const questionsZh: Words<typeof questions> = {
  questions: {
    choose: {
      title: '选择要提问的视频',
      text: '问答模型从候选答案中作出选择，并显示它依据的是视频的哪一部分。',
    },
    none: {
      title: '这里没有能回答问题的模型',
      text: '用问题（任务 qa-multichoice 与 qa-classification）或类别（video-classification）微调一个模型，或导入一个。',
    },
    model: '回答问题的模型',
    question: '问题',
    placeholder: '最先发生了什么？',
    answers: '候选答案',
    answersHint: '每行一个',
    fromCaptions: '取自字幕',
    classes: '该模型只判断类别，不需要问题。',
    own: '该模型有自己的答案。',
    ask: '提问',
    stop: '停止',
    asking: '正在看视频…',
    found: '答案',
    answerNamed: '{answer}：{share}',
    evidence: '答案的依据',
    evidenceHint:
      '逐段用视频的平均颜色遮住后再次提问（遮挡法）。首选答案的概率下降之处就是模型所需要的部分；变化以百分点计。',
    evidenceProgress: '第 {done} 段，共 {total} 段',
    partNamed: '遮住 {range}：{share}，原为 {before}',
    turns: '改为：{answer}',
    span: '含有答案的帧',
    spanHint: '由模型中为此训练的头给出',
    spanFrame: '{time}：{share}',
    seek: '显示这一段',
  },
}
