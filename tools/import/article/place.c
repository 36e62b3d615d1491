/* SPDX-License-Identifier: ISC */
/* 您现在的位置: the line that says where on a portal a page stands. */
#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/article/portal_page.h"

static const char *const places[] = {"您现在的位置是", "您现在的位置",
    "您当前的位置", "您所在的位置", "您的位置", "你现在的位置", "当前位置",
    "所在位置", "现在位置"};

/* Take off 您现在的位置是:, wherever it stands in the line. */
static bool
take_place(struct str *line)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct str name = str_from(places[i]), rest;
		size_t at = str_find(*line, name);
		if (at == SIZE_MAX)
			continue;
		rest = space_skip(str_slice(*line, at + name.len, line->len));
		if (!clean_take(&rest, ":") && !clean_take(&rest, "："))
			continue;
		*line = rest;
		return true;
	}
	return false;
}

bool
portal_is_place(struct str line)
{
	return take_place(&line);
}

/* A crumb that names a page, not a section. */
static bool
is_no_section(struct str crumb)
{
	static const char *const names[] = {"首页", "网站首页", "正文",
	    "详细内容", "详细信息", "文章内容", "内容", "浏览文章", "查看信息"};

	if (crumb.len == 0)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_equal(crumb, str_from(names[i])))
			return true;
	return false;
}

/* The last section in 标准化服务 》国内外标准化动态 》 点击次数: */
struct str
place_read(struct str line, struct str title)
{
	static const char *const signs[] = {
	    "》", "»", "›", "＞", ">", "→", "/", "|"};
	struct str crumb = {"", 0}, last = {"", 0};
	size_t views;

	if (!take_place(&line))
		return last;
	views = str_find(line, STR("点击"));
	line = str_slice(line, 0, views);
	while (line.len > 0) {
		struct str at = line;
		size_t len = 0;
		while (at.len > 0 &&
		    !clean_take_any(
			&at, signs, sizeof(signs) / sizeof(*signs))) {
			utf8_next(&at);
			len = line.len - at.len;
		}
		crumb = space_trim(str_slice(line, 0, len));
		if (!is_no_section(crumb) && !str_equal(crumb, title))
			last = crumb;
		line = at;
	}
	return last;
}
