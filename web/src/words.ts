// The few sentences the script itself says, Chinese first.
const words = {
  restored: ['已恢复未保存的填写', 'Your unsaved entries have been restored'],
  discard: ['放弃', 'Discard'],
  draftsAtLogout: ['本机还有未提交的填写，退出登录后将删除。仍要退出吗？', 'There are unsubmitted entries on this device; logging out deletes them. Log out anyway?'],
  confirm: ['确定', 'OK'],
  cancel: ['取消', 'Cancel'],
  close: ['关闭', 'Close'],
  sending: ['正在提交…', 'Sending…'],
  copied: ['已复制', 'Copied'],
  notCopied: ['没能复制，请手动选择后复制', 'Could not copy; please select the text and copy it'],
  failed: ['没有成功，请稍后再试', 'That did not work; please try again later'],
  forbidden: ['您没有这项权限', 'You are not permitted to do this'],
  missing: ['没有找到，可能已被删除或移动', 'Not found; it may have been removed or moved'],
  offline: ['网络不通，请检查后再试', 'No connection; please check the network and try again'],
  keptHere: ['网络不通，填写的内容存在这台设备上，连上网络后自动保存', 'No connection; your entries are kept on this device and saved once the network is back'],
  backOnline: ['网络已恢复，填写的内容已保存', 'The network is back; your entries are saved'],
  ok: ['完成', 'Done'],
  warn: ['注意', 'Note'],
  bad: ['出错', 'Error'],
  info: ['提示', 'Notice'],
  allAnswered: ['全部答完', 'All answered'],
  noData: ['无数据', 'no data'],
  target: ['目标', 'Target'],
  photoSize: ['{size} KB', '{size} KB'],
  results: ['有 {count} 条建议，用上下键选择', '{count} suggestions; use the arrow keys'],
} satisfies Record<string, [string, string]>;

const language = document.documentElement.lang.startsWith('zh') ? 0 : 1;

export function say(key: keyof typeof words, values: Record<string, string | number> = {}): string {
  return words[key][language]!.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
