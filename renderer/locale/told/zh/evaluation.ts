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
  'The evaluation has no certificate: it has not finished, or was made before there were any; evaluate again.':
    '该评测没有证书：尚未完成，或是在有证书之前进行的；请重新评测。',
  '{} is no certificate of an evaluation: it is not JSON.': '{} 不是评测的证书：它不是 JSON。',
  '{} is no certificate of an evaluation: {}: {}.': '{} 不是评测的证书：{}：{}。',
  'the whole': '整个文件',
  unknown: '未知',
  'The data of {} is not that of the certificate: {}. Give the folder as it was then.':
    '{} 的数据与证书的不同：{}。请给出当时的文件夹。',
  '‘{}’ is of {} and ‘{}’ of {}; compare two of the same task.':
    '“{}”的任务是 {}，“{}”的任务是 {}；请比较同一任务的两个评测。',
  '‘{}’ and ‘{}’ have no query in common; evaluate both models on the same folder.':
    '“{}”与“{}”没有共同的查询；请在同一文件夹上评测两个模型。',
  'Copies are compared with their originals by embeddings, which a model that answers does not give; evaluate without originals.':
    '副本与原件用嵌入向量比较，而问答模型不给出嵌入向量；请不带原件评测。',
  '{} ‘{}’ is another one than when the evaluation began; evaluate again.': '{}“{}”与评测开始时的不同；请重新评测。',
  'The file of predictions': '预测文件',
  'No row has times that are in its video: {}': '没有哪一行的时间在其视频之内：{}',
  'see the report of the folder': '请查看文件夹报告',
  '{} is not the file of the certificate, whose hash is {}…; put that one back.':
    '{} 不是证书的文件，后者的哈希为 {}…；请放回该文件。',
  'No model here is the one of the certificate, ‘{}’ with the hash {}…; import its weights.':
    '此处没有证书中哈希为 {1}… 的模型“{0}”；请导入其权重。',
  '{} is evaluated by {}, but {}': '{} 按 {} 评测，但{}',
  'The model ‘{}’': '模型“{}”',
  'The time probe is of retrieval and of answers, not of moments.': '时间探测用于检索和问答，不用于时刻。',
  'The evaluation has no results yet; wait until it has finished.': '评测还没有结果；请等它完成。',
  'The evaluation has its time probe; evaluate again for another one.': '评测已有时间探测；要另做一次，请重新评测。',
  'The evaluation is at work; cancel its job first.': '评测正在进行；请先取消其任务。',
  '‘{}’ is of {}: only evaluations of moments have predictions to write.':
    '“{}”的任务是 {}：只有时刻的评测才有可写出的预测。',
  '{} is of the task {}, not of {}; leave out the task or the protocol.':
    '{} 的任务是 {}，不是 {}；请不指定任务或协议。',
  '{} is not {}: {}. Evaluate without the protocol, or give its folder.':
    '{} 不是 {}：{}。请不带协议评测，或给出其文件夹。',
  'There is no evaluation ‘{}’.': '没有评测“{}”。',
  'The record of the evaluation in {} cannot be read (evaluation.json); remove that folder and evaluate again.':
    '无法读取 {} 中的评测记录（evaluation.json）；请移除该文件夹并重新评测。',
  'The evaluation has no time probe yet; add it first.': '评测还没有时间探测；请先添加。',
  'The model ‘{}’ is of kind {}, which is evaluated by {}, not by {}; choose another model or task.':
    '模型“{}”的类型为 {}，按 {} 评测，而不是按 {}；请选择其他模型或任务。',
  '{} has no row {}; it has rows for {}: choose {}, or draw the splits with a seed.':
    '{} 没有{}的行；它有这些划分的行：{}。请选择{}，或以种子抽取划分。',
  'in the split ‘{}’': '划分“{}”',
  'held out for validation or the test': '留作验证或测试',
  that: '它',
  'one of these': '其中之一',
}
