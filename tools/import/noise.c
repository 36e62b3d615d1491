/* SPDX-License-Identifier: ISC */
/* Words that are a page's furniture. */
#include "tools/import/noise.h"

#include "text/space.h"
#include "tools/import/clean.h"

enum { NOISE_MAX_BYTES = 240 };

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* A line that these and digits use up is noise. Longer ones first. */
static const char *const words[] = {"打印本页", "打印此页", "打印", "关闭窗口",
    "关闭本页", "关闭", "返回顶部", "返回列表", "返回首页", "返回", "上一页",
    "下一页", "上页", "下页", "首页", "尾页", "末页", "跳转", "转到", "字体",
    "字号", "点击次数", "浏览次数", "阅读次数", "点击", "收藏本页", "收藏",
    "分享到", "分享", "微信", "微博", "qq空间", "qq", "本页", "共", "第", "页",
    "次", "大", "中", "小", "正文", "搜索类型"};

/* An article has ended before these. */
static const char *const ends[] = {"上一篇", "下一篇", "上一条", "下一条",
    "相关新闻", "相关文章", "相关阅读", "版权所有", "友情链接", "主办单位：",
    "主办单位:", "Copyright", "COPYRIGHT", "copyright", "©"};

enum err
noise_is(struct arena *arena, struct str line, bool *out)
{
	struct str key;

	*out = false;
	if (line.len > NOISE_MAX_BYTES)
		return OK;
	if (clean_key(arena, line, &key) != OK)
		return ERR_NOMEM;
	while (key.len > 0) {
		if (key.data[0] >= '0' && key.data[0] <= '9')
			key = str_slice(key, 1, key.len);
		else if (!clean_take_any(&key, words, COUNT(words)))
			return OK;
	}
	*out = true;
	return OK;
}

/* 共1页, 共 3 页: how many; 0 if it is no such line. */
static int64_t
read_pager(struct str line)
{
	size_t at = str_find(line, STR("共"));
	struct str digits;
	int64_t pages;

	if (at == SIZE_MAX || line.len > NOISE_MAX_BYTES)
		return 0;
	line = space_skip(str_slice(line, at + 3, line.len));
	digits = line;
	while (line.len > 0 && line.data[0] >= '0' && line.data[0] <= '9')
		line = str_slice(line, 1, line.len);
	digits = str_slice(digits, 0, digits.len - line.len);
	if (!str_starts(space_skip(line), STR("页")) ||
	    str_to_int(digits, 1, 9999, &pages) != OK)
		return 0;
	return pages;
}

bool
noise_ends(struct str line, int64_t *pages)
{
	*pages = 0;
	if (line.len > NOISE_MAX_BYTES)
		return false;
	*pages = read_pager(line);
	return clean_take_any(&line, ends, COUNT(ends));
}
