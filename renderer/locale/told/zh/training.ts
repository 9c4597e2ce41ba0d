import type { ToldWords } from '../recognise.ts'

/** Of runs of training. */
export const trainingZh: ToldWords = {
  'Learn from corrections of {}': '从 {} 的修正中学习',
  'the {} videos': '这 {} 个视频',
  'corrected captions, from ‘{}’': '修正过的字幕，起始于“{}”',
  'There is nothing to learn from yet: {} sentences of {} have times that leave clips outside, and {} at least are needed; give sentences their times on the timeline.':
    '尚无可学习的内容：{1} 中有 {0} 个句子的时间范围之外还有片段，至少需要 {2} 个；请在时间线上给出句子的时间。',
  'No captions were corrected in this workspace: correct some on the timeline of Alignment, or name the videos whose captions have the right times.':
    '此工作区中没有修正过的字幕：请在“对齐”的时间线上修正一些，或指明字幕时间正确的视频。',
  '{} is no continuation of the run ‘{}’ ({} from ‘{}’): {}; give a checkpoint that its own job wrote.':
    '{0} 不是训练“{1}”（{2}，起始于“{3}”）的接续：{4}；请给出其作业写出的检查点。',
  '{}, which continues the run ‘{}’': '{}，接续训练“{}”',
  'The published code reads {} sentences of {} tokens, but the model ‘{}’ has {} positions (max_position_embeddings); start a run from a model with at least {}.':
    '发布的代码读取 {} 个各 {} 个词元的句子，而模型“{}”有 {} 个位置（max_position_embeddings）；请从至少有 {} 个位置的模型开始训练。',
  'its weights after step {}': '它在第 {} 步之后的权重',
  'the weights it begins with': '它的起始权重',
  'The published How2QA code reads {} answers to every question, but {} has another number; it cannot train this run.':
    '发布的 How2QA 代码对每个问题读取 {} 个答案，而 {} 的数量不同；不能训练此训练。',
  'The video {} lies in the archive {}, where the published code cannot read it: unpack the archives, and train a run on the files to export it.':
    '视频 {} 在归档 {} 中，发布的代码无法从中读取：请解压归档，并用文件训练后再导出。',
  'Not one of the videos to evaluate can be read; check the folder and its report.':
    '要评测的视频一个也无法读取；请检查文件夹及其报告。',
  'time probe': '时间探测',
  'One micro-batch of {}, measured on the device ‘{}’{}: {} s to read, {} s to compute.{}':
    '一个 {} 的微批，在设备“{}”上测得{}：读取 {} 秒，计算 {} 秒。{}',
  ' in half precision': '（半精度）',
  ' The first epoch takes {} s more: what is frozen is computed once per example and kept.':
    '第一个轮次多用 {} 秒：冻结的部分每个样本只计算一次并保留。',
  'Another run is at work, so that the measured times are longer than they will be.':
    '另一个训练正在进行，测得的时间比实际的长。',
  'There are only {} {} for training, fewer than a batch of {}.': '用于训练的只有 {} {}，少于一个批的 {} 个。',
  examples: '样本',
  'The checkpoint in {} has no {}; it belongs to another run: remove this run and start again.':
    '{} 中的检查点没有 {}；它属于另一个训练：请移除此训练并重新开始。',
  'The rows that were kept in {} cannot be read (data.json); start anew.':
    '无法读取 {} 中保留的行（data.json）；请重新开始。',
  'There is no run ‘{}’.': '没有训练“{}”。',
  'The record of the run in {} cannot be read (run.json); its checkpoints are still in that folder.':
    '无法读取 {} 中的训练记录（run.json）；其检查点仍在该文件夹中。',
  'Each example was compared with {} others of its {}; {} of them were real negatives on average, {} at least':
    '每个样本与{1}中的其他 {0} 个比较；其中平均 {2} 个、最少 {3} 个是真正的负例',
  'micro-batch, in batches of {}': '微批（批大小 {}）',
  batch: '批',
  '{} % of the pairs were of the same video or text, which the loss took for negatives':
    '{} % 的配对是同一视频或文本，损失把它们当作负例',
  'left out of every epoch, since they filled no batch: {}': '每个轮次都略去了不足一批的样本：{}',
  'batch of {}': '大小为 {} 的批',
  'micro-batch of {}': '大小为 {} 的微批',
  'A contrastive loss compares the examples of a batch with each other, and a {} has nothing to compare':
    '对比损失把一个批中的样本相互比较，而{}没有可比较的对象',
  'Matching shows each example of a batch’s first half the video of another of that half, and a {} has no other':
    '匹配任务给批前半部分的每个样本配上其中另一样本的视频，而{}没有另一样本',
  'give more examples for training': '请提供更多训练样本',
  'choose at least {}': '请至少选择 {}',
  'Goes on after step {}.': '在第 {} 步之后继续。',
  'the loss grew from {} to {}': '损失从 {} 增大到 {}',
  '‘{}’ is {}': '“{}”为 {}',
  'the gradient is not finite': '梯度不是有限的数',
  'Not one training video can be read any more; the first problem was: {}':
    '训练视频一个也无法再读取；第一个问题是：{}',
  'Another example takes its place: {}': '由另一样本代替：{}',
  'Training stopped at step {} because {}; the last good checkpoint is kept: try a lower learning rate, a longer warm-up or clipping of the gradient.':
    '训练在第 {} 步停止，因为{}；最后一个好的检查点已保留：请尝试更低的学习率、更长的预热或梯度裁剪。',
  'LF-VILA/src/configs/{}.yaml, batch per GPU': 'LF-VILA/src/configs/{}.yaml，批大小为每个 GPU 的',
  'ActivityNet retrieval': 'ActivityNet 检索',
  'DiDeMo retrieval': 'DiDeMo 检索',
  'QuerYD retrieval': 'QuerYD 检索',
  'Condensed Movie retrieval': 'Condensed Movie 检索',
  'LVU scene': 'LVU 场景',
  'LVU relationship': 'LVU 人物关系',
  'LVU way of speaking': 'LVU 说话方式',
  'Pre-training, stage 1': '预训练第一阶段',
  'Pre-training, stage 2': '预训练第二阶段',
  'Products are computed in half precision, with a loss scale that follows overflows; weights and moments are kept in fp32.':
    '乘积以半精度计算，损失缩放随溢出调整；权重和动量以 fp32 保存。',
  '{} Going on from the last checkpoint.': '{} 从最后一个检查点继续。',
  'A micro-batch of {} does not fit into memory ({}); trying {}.{}': '{} 的微批放不进内存（{}）；改用 {}。{}',
  ' The contrastive losses compare fewer examples then.': '这样对比损失比较的样本就少了。',
  'Micro-batches of {} instead of {}, because the memory did not hold more.': '微批用 {} 代替 {}，因为内存放不下更多。',
  'The run has no checkpoint to make a model of; resume it.': '该训练没有可作为模型的检查点；请继续训练。',
  'loss {}': '损失 {}',
  'All epochs are done.': '所有轮次都已完成。',
  'Ended early: the validation figure no longer improved.': '提前结束：验证数字不再改进。',
  'No row for training has times that are in its video: {}': '没有哪个训练行的时间在其视频之内：{}',
  '{} has no times that are in its video: {}': '{} 没有在其视频之内的时间：{}',
  'Every weight is taken from ‘{}’.': '所有权重都取自“{}”。',
  '{} weights that ‘{}’ does not have begin as random numbers: {}{}.': '“{1}”没有的 {0} 个权重以随机数开始：{2}{3}。',
  'A micro-batch of {} does not fit into memory: {}, train only the heads or the last layers, or begin with a smaller model.':
    '{} 的微批放不进内存：请{}，只训练头部或最后几层，或从较小的模型开始。',
  'choose a smaller micro-batch': '选择更小的微批',
  'free some memory': '释放内存',
  '{} has no row for training; name an annotation file ‘train’, or draw the splits with a seed.':
    '{} 没有用于训练的行；请把标注文件命名为“train”，或以种子抽取划分。',
  '{} has no row for validation, so that no checkpoint could be chosen; name an annotation file ‘val’, or draw the splits with a seed.':
    '{} 没有用于验证的行，无法选出检查点；请把标注文件命名为“val”，或以种子抽取划分。',
  'Fine-tune {}': '微调 {}',
  'The run ‘{}’ is {}; only one that was paused or stopped can go on.':
    '训练“{}”的状态为 {}；只有暂停或停止的训练才能继续。',
  'The run ‘{}’ is at work; cancel it first.': '训练“{}”正在进行；请先取消。',
  'The run ‘{}’ is at work; pause it first.': '训练“{}”正在进行；请先暂停。',
  'The run ‘{}’ is {} already.': '训练“{}”已经是 {} 状态。',
  'free some space and resume the run: it goes on from its last checkpoint':
    '请释放空间后继续训练：将从最后一个检查点继续',
  'the run ‘{}’ from ‘{}’': '训练“{}”（起始于“{}”）',
  'The model ‘{}’ is a pair of ONNX files, which cannot be trained here; choose one of LF-VILA’s own kinds.':
    '模型“{}”是一对 ONNX 文件，不能在此训练；请选择 LF-VILA 自己的类型之一。',
  'The run ‘{}’ has no weights of step {}; choose another step.': '训练“{}”没有第 {} 步的权重；请选择其他步。',
  'The run ‘{}’ has no row ‘{}’ with a paragraph in its validation or test split.':
    '训练“{}”的验证或测试划分中没有带段落的行“{}”。',
}
