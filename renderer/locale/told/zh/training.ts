import type { ToldWords } from '../recognise.ts'

/** Of runs of training. */
export const trainingZh: ToldWords = {
  '{} is no continuation of the run ‘{}’ ({} from ‘{}’): {}; give a checkpoint that its own job wrote.':
    '{0} 不是训练“{1}”（{2}，起始于“{3}”）的接续：{4}；请给出其作业写出的检查点。',
  'The published code reads {} sentences of {} tokens, but the model ‘{}’ has {} positions (max_position_embeddings); start a run from a model with at least {}.':
    '发布的代码读取 {} 个各 {} 个词元的句子，而模型“{}”有 {} 个位置（max_position_embeddings）；请从至少有 {} 个位置的模型开始训练。',
  'The published How2QA code reads {} answers to every question, but {} has another number; it cannot train this run.':
    '发布的 How2QA 代码对每个问题读取 {} 个答案，而 {} 的数量不同；不能训练此训练。',
  'The video {} lies in the archive {}, where the published code cannot read it: unpack the archives, and train a run on the files to export it.':
    '视频 {} 在归档 {} 中，发布的代码无法从中读取：请解压归档，并用文件训练后再导出。',
  'Not one of the videos to evaluate can be read; check the folder and its report.':
    '要评测的视频一个也无法读取；请检查文件夹及其报告。',
  'The checkpoint in {} has no {}; it belongs to another run: remove this run and start again.':
    '{} 中的检查点没有 {}；它属于另一个训练：请移除此训练并重新开始。',
  'The rows that were kept in {} cannot be read (data.json); start anew.':
    '无法读取 {} 中保留的行（data.json）；请重新开始。',
  'There is no run ‘{}’.': '没有训练“{}”。',
  'The record of the run in {} cannot be read (run.json); its checkpoints are still in that folder.':
    '无法读取 {} 中的训练记录（run.json）；其检查点仍在该文件夹中。',
  'give more examples for training': '请提供更多训练样本',
  'choose at least {}': '请至少选择 {}',
  'Not one training video can be read any more; the first problem was: {}':
    '训练视频一个也无法再读取；第一个问题是：{}',
  'Training stopped at step {} because {}; the last good checkpoint is kept: try a lower learning rate, a longer warm-up or clipping of the gradient.':
    '训练在第 {} 步停止，因为{}；最后一个好的检查点已保留：请尝试更低的学习率、更长的预热或梯度裁剪。',
  'The run has no checkpoint to make a model of; resume it.': '该训练没有可作为模型的检查点；请继续训练。',
  'No row for training has times that are in its video: {}': '没有哪个训练行的时间在其视频之内：{}',
  'A micro-batch of {} does not fit into memory: {}, train only the heads or the last layers, or begin with a smaller model.':
    '{} 的微批放不进内存：请{}，只训练头部或最后几层，或从较小的模型开始。',
  'choose a smaller micro-batch': '选择更小的微批',
  'free some memory': '释放内存',
  '{} has no row for training; name an annotation file ‘train’, or draw the splits with a seed.':
    '{} 没有用于训练的行；请把标注文件命名为“train”，或以种子抽取划分。',
  '{} has no row for validation, so that no checkpoint could be chosen; name an annotation file ‘val’, or draw the splits with a seed.':
    '{} 没有用于验证的行，无法选出检查点；请把标注文件命名为“val”，或以种子抽取划分。',
  'The run ‘{}’ is {}; only one that was paused or stopped can go on.':
    '训练“{}”的状态为 {}；只有暂停或停止的训练才能继续。',
  'The run ‘{}’ is at work; cancel it first.': '训练“{}”正在进行；请先取消。',
  'The run ‘{}’ is at work; pause it first.': '训练“{}”正在进行；请先暂停。',
  'The run ‘{}’ is {} already.': '训练“{}”已经是 {} 状态。',
  'The model ‘{}’ is a pair of ONNX files, which cannot be trained here; choose one of LF-VILA’s own kinds.':
    '模型“{}”是一对 ONNX 文件，不能在此训练；请选择 LF-VILA 自己的类型之一。',
}
