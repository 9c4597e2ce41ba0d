import type { ToldWords } from '../recognise.ts'

/** Of evaluations. */
export const evaluationZh: ToldWords = {
  'The time probe is of retrieval and of answers, not of moments; evaluate without it.':
    '时间探测用于检索和问答，不用于时刻；请不带它评测。',
  'A file of predictions is scored by moments, not by {}; choose another task.':
    '预测文件按时刻评分，不按 {} 评分；请选择其他任务。',
  '{} has no paragraph that its video could be found by.': '{} 没有可用来查找其视频的段落。',
  '{} is no query for moments.': '{} 不是时刻的查询。',
  '{} has no line that can be used for any of the {} queries: {} Give the file whose ‘qid’ are those of the split.':
    '{0} 中没有可用于 {1} 个查询中任何一个的行：{2} 请给出“qid”属于该划分的文件。',
  'it is empty': '它是空的',
  'has no prediction': '没有预测',
  'The evaluation has no certificate: it has not finished, or was made before there were any; evaluate again.':
    '该评测没有证书：尚未完成，或是在有证书之前进行的；请重新评测。',
  '{} is no certificate of an evaluation: it is not JSON.': '{} 不是评测的证书：它不是 JSON。',
  '{} is no certificate of an evaluation: {}: {}.': '{} 不是评测的证书：{}：{}。',
  'the whole': '整个文件',
  unknown: '未知',
  '{} of {} rows have another video file, first {}: {}{}.': '{1} 行中有 {0} 行的视频文件不同，第一个为 {2}：{3}{4}。',
  ', which can no longer be read': '，现已无法读取',
  ', which could not be read then': '，当时无法读取',
  'The video files of all {} rows are the same.': '全部 {} 行的视频文件都相同。',
  'Frames are sampled in the same way.': '取帧方式相同。',
  'Sampling differs in {}: {} then, {} now.': '{} 的取帧不同：当时 {}，现在 {}。',
  none: '无',
  '{} {} then, {} now': '{} 当时 {}，现在 {}',
  'It was computed by the same versions on {}.': '由相同版本在 {} 上计算。',
  'It was computed elsewhere: {}.': '在别处计算：{}。',
  'in other parts': '其他部分不同',
  '{} then, {} now': '当时 {}，现在 {}',
  'All {} are equal to the last bit.': '全部 {} 逐位相同。',
  'The {} differ: they agree within {} (the largest difference among the first numbers of each).':
    '{} 不同：在 {} 之内一致（各自前几个数中的最大差异）。',
  'All {} × {} scores are equal to the last bit.': '全部 {} × {} 个分数逐位相同。',
  'The scores differ: those of what is right agree within {}.': '分数不同：正确项的分数在 {} 之内一致。',
  '{} of {} rows have another rank, first {}: {} then, {} now.':
    '{1} 行中有 {0} 行的排名不同，第一个为 {2}：当时 {3}，现在 {4}。',
  'The ranks of all {} rows are equal.': '全部 {} 行的排名相同。',
  'All {} figures are equal.': '全部 {} 个数字相同。',
  '{} of {} figures differ, first {}: {} then, {} now.':
    '{1} 个数字中有 {0} 个不同，第一个为 {2}：当时 {3}，现在 {4}。',
  'its rows name the same videos, but a text, label, time or another split is different':
    '其行指明的视频相同，但文本、标签、时间或划分不同',
  'it differs first in row {}: {} then, {} now ({} rows then, {} now)':
    '首先在第 {} 行不同：当时 {}，现在 {}（当时 {} 行，现在 {} 行）',
  'The data of {} is not that of the certificate: {}. Give the folder as it was then.':
    '{} 的数据与证书的不同：{}。请给出当时的文件夹。',
  '‘{}’ is of {} and ‘{}’ of {}; compare two of the same task.':
    '“{}”的任务是 {}，“{}”的任务是 {}；请比较同一任务的两个评测。',
  '‘{}’ and ‘{}’ have no query in common; evaluate both models on the same folder.':
    '“{}”与“{}”没有共同的查询；请在同一文件夹上评测两个模型。',
  'Copies are compared with their originals by embeddings, which a model that answers does not give; evaluate without originals.':
    '副本与原件用嵌入向量比较，而问答模型不给出嵌入向量；请不带原件评测。',
  'With dual softmax (temperature {}) R@1 of the same similarities would be {} from text to video and {} back; it uses the whole test set at once, so that this is not comparable with numbers without it.':
    '若用双向 softmax（温度 {}），同样相似度的 R@1 为文本到视频 {}、视频到文本 {}；它一次用到整个测试集，因此不能与不用它的数字比较。',
  'Figures with dual softmax were not computed: {} × {} similarities are not kept in memory, and it would compute them twice more; ask for it.':
    '没有计算双向 softmax 的数字：{} × {} 个相似度不保留在内存中，需要再计算两遍；如有需要请指定。',
  'embeddings of {} of {} videos whose originals are there have a cosine with those of {} in the median and of {} at least ({})':
    '{1} 个有原件的视频中，{0} 个的嵌入向量与原件的余弦中位数为 {2}，最小为 {3}（{4}）',
  'no original of an evaluated video could be compared': '没有可与所评测视频比较的原件',
  '{} of {} {} no original there': '{1} 个中有 {0} 个在那里没有原件',
  '{} {} several of equal right': '{0} 个有多个同样匹配的原件',
  '{} could not be read': '{} 个无法读取',
  'Copies and originals: {}.': '副本与原件：{}。',
  '{} of {} texts were cut ({}): the model reads {} tokens of a sentence, more had {} of {} sentences, and {} of {} tokens were left out; the longest is sentence {} of {} ({}), {} tokens':
    '{1} 条文本中有 {0} 条被截断（{2}）：模型每句读取 {3} 个词元，{5} 个句子中有 {4} 个超出，{7} 个词元中略去了 {6} 个；最长的是 {9} 的第 {8} 句（{10}），{11} 个词元',
  '{} of {} texts have more sentences than the model reads at once ({}), so that some were joined; most has {} ({}), {} read as {}':
    '{1} 条文本中有 {0} 条的句子多于模型一次可读的（{2}），有些被合并；最多的是 {3}（{4}），{5} 个读作 {6} 个',
  'All {} texts were read whole.': '全部 {} 条文本都完整读取。',
  frames: '帧数',
  size: '大小',
  sampling: '取帧方式',
  precision: '精度',
  'How the model was trained is not known here, so that nothing can be said of frames, sampling and precision that differ from training.':
    '此处不知道模型是如何训练的，因此无法说明帧、取帧方式和精度与训练时有何不同。',
  '{} {} in training, {} here': '{}：训练时 {}，此处 {}',
  'It is evaluated otherwise than it was trained: {}.': '评测方式与训练时不同：{}。',
  'In the run ‘{}’: {}': '在训练“{}”中：{}',
  '{} ‘{}’ is another one than when the evaluation began; evaluate again.': '{}“{}”与评测开始时的不同；请重新评测。',
  'The file of predictions': '预测文件',
  '{} of {} examples {} left out because {} cannot be read: {}{}.':
    '{1} 个样本中有 {0} 个被略去，因为无法读取{3}：{4}{5}。',
  'its video': '其视频',
  'their videos': '其视频',
  'No row has times that are in its video: {}': '没有哪一行的时间在其视频之内：{}',
  'see the report of the folder': '请查看文件夹报告',
  '{} is not the file of the certificate, whose hash is {}…; put that one back.':
    '{} 不是证书的文件，后者的哈希为 {}…；请放回该文件。',
  'No model here is the one of the certificate, ‘{}’ with the hash {}…; import its weights.':
    '此处没有证书中哈希为 {1}… 的模型“{0}”；请导入其权重。',
  '{} is evaluated by {}, but {}': '{} 按 {} 评测，但{}',
  'The model ‘{}’': '模型“{}”',
  'Evaluate {}': '评测 {}',
  'The time probe is of retrieval and of answers, not of moments.': '时间探测用于检索和问答，不用于时刻。',
  'The evaluation has no results yet; wait until it has finished.': '评测还没有结果；请等它完成。',
  'The evaluation has its time probe; evaluate again for another one.': '评测已有时间探测；要另做一次，请重新评测。',
  'Time probe of {}': '{} 的时间探测',
  'The evaluation is at work; cancel its job first.': '评测正在进行；请先取消其任务。',
  '‘{}’ is of {}: only evaluations of moments have predictions to write.':
    '“{}”的任务是 {}：只有时刻的评测才有可写出的预测。',
  'free some space and ask for the same evaluation again: it goes on where it was':
    '请释放空间并再次要求同样的评测：将从原处继续',
  'The videos': '所有视频',
  '{} of the {} videos': '{1} 个视频中的 {0} 个',
  '{} evaluated were trained on in the run ‘{}’: the figures say what was learned by heart.':
    '所评测的{}用于过训练“{}”：这些数字反映的是死记的内容。',
  '{} evaluated also chose the checkpoint of the run ‘{}’, so that the figures are somewhat too good; evaluate a split that the run has not seen.':
    '所评测的{}也用来选出训练“{}”的检查点，因此数字略为偏好；请评测该训练没有见过的划分。',
  '{} is of the task {}, not of {}; leave out the task or the protocol.':
    '{} 的任务是 {}，不是 {}；请不指定任务或协议。',
  'it has no row in the split {}': '它在划分 {} 中没有行',
  'its splits are drawn, not those that are published': '其划分是抽取的，而不是已发表的',
  'it is read as {}, and the protocol comes as {}': '它读作 {}，而协议的形式是 {}',
  'it has a video ‘{}’, which is none of the protocol’s': '它有视频“{}”，不属于该协议',
  'it has {} in the split {}, more than the protocol’s {}': '它在划分 {1} 中有 {0}，多于协议的 {2}',
  'it has as many videos, but not the same': '视频数相同，但视频不同',
  'Protocol: {} ({}): complete.': '评测协议：{}（{}）：完整。',
  'Protocol: {} with {} of its {} queries and {} of its {} videos: not comparable with published figures.':
    '评测协议：{0}，有 {2} 个查询中的 {1} 个、{4} 个视频中的 {3} 个：不能与已发表的数字比较。',
  'No published protocol: the figures are comparable with those of the same rows alone.':
    '不属于任何已发表的评测协议：数字只能与同样的行比较。',
  'No published protocol, but those of {} are among the rows; ask for {} by name.':
    '不属于任何已发表的评测协议，但其中包含 {0} 的行；请以名称指定。',
  one: '1',
  '{} queries, {} videos': '{} 个查询，{} 个视频',
  '{} is not {}: {}. Evaluate without the protocol, or give its folder.':
    '{} 不是 {}：{}。请不带协议评测，或给出其文件夹。',
  'There is no evaluation ‘{}’.': '没有评测“{}”。',
  'The record of the evaluation in {} cannot be read (evaluation.json); remove that folder and evaluate again.':
    '无法读取 {} 中的评测记录（evaluation.json）；请移除该文件夹并重新评测。',
  'The evaluation has no time probe yet; add it first.': '评测还没有时间探测；请先添加。',
  'label {}': '标签 {}',
  'The model does not say what its labels are called; the folder’s are taken in the order of the alphabet: the figures mean nothing if it was trained with another order.':
    '模型没有说明其标签的名称；按字母顺序采用文件夹的标签：如果训练时顺序不同，这些数字没有意义。',
  '{} of the folder’s labels {} not known to the model ({}{}): examples that have {} count as wrong.':
    '文件夹的标签中有 {0} 个是模型不认识的（{2}{3}）：含这些标签的样本计为错误。',
  'The model ‘{}’ has random weights: the figures are those of chance.': '模型“{}”的权重是随机的：这些数字只是偶然。',
  '{} {} in no split, since splits are drawn from what is there: the figures do not count {}.':
    '{0} 个缺少视频的行不在任何划分中，因为划分从现有的行中抽取：数字没有计入它们。',
  '1 row of {} is left out: see its report.': '{} 的 1 行被略去：见其报告。',
  '{} rows of {} are left out: see its report.': '{1} 的 {0} 行被略去：见其报告。',
  'The model ‘{}’ is of kind {}, which is evaluated by {}, not by {}; choose another model or task.':
    '模型“{}”的类型为 {}，按 {} 评测，而不是按 {}；请选择其他模型或任务。',
  '{} has no row {}; it has rows for {}: choose {}, or draw the splits with a seed.':
    '{} 没有{}的行；它有这些划分的行：{}。请选择{}，或以种子抽取划分。',
  'in the split ‘{}’': '划分“{}”',
  'held out for validation or the test': '留作验证或测试',
  that: '它',
  'one of these': '其中之一',
  'the window ends before it starts': '时间窗口在开始之前结束',
  'The line {}; it is left out.': '该行{}；已略去。',
  'The line has a ‘qid’ that a line before it has; it is left out.': '该行的“qid”与前面某行相同；已略去。',
  'The line has a ‘qid’ of no query that is evaluated; it is left out.': '该行的“qid”不属于所评测的查询；已略去。',
  'The line has another ‘vid’ than the query of its ‘qid’: is it the file for these data?':
    '该行的“vid”与其“qid”的查询不同：文件是否属于这些数据？',
  'The line has another ‘query’ than the annotation has of its ‘qid’: is it the file for these data?':
    '该行的“query”与标注中其“qid”的不同：文件是否属于这些数据？',
  'The list ‘pred_relevant_windows’ is empty, so that the query is missed.':
    '列表“pred_relevant_windows”是空的，因此该查询算作未找到。',
  'The list ‘pred_saliency_scores’ has another length than the query has clips of two seconds; it is cut, or filled with zeros, as the public evaluator does.':
    '列表“pred_saliency_scores”的长度与查询的两秒片段数不同；与公开的评测程序一样，截断或以零补足。',
  '{} of {} queries have no line in {} that can be used (‘qid’ {}): the figures are of the others.':
    '{1} 个查询中有 {0} 个在 {2} 中没有可用的行（“qid” {3}）：数字是其余查询的。',
  '‘{}’ has no scores, since the windows of its queries are not public; compare what is scored.':
    '“{}”没有分数，因为其查询的时间窗口未公开；请比较有分数的评测。',
}
