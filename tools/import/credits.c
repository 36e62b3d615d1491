/* SPDX-License-Identifier: ISC */
/*
 * Credits are a run of `label: value`. A label counts only at the beginning
 * of a word, so that 会议时间: is no date of ours.
 */
#include "tools/import/credits.h"

#include "base/utf8.h"
#include "text/space.h"
#include "tools/import/clean.h"
#include "tools/import/date.h"

enum {
	LINE_MAX_BYTES = 900, /* a longer one is prose */
	MORE_MAX_BYTES = 300  /* the same, for a line that goes on */
};

enum meaning { SOURCE, PUBLISHER, AUTHOR, PUBLISHED, NOTHING };

static const struct label {
	const char *name;
	enum meaning meaning;
	bool strong; /* enough to know the line by */
} labels[] = {
    {"文章来源", SOURCE, true},
    {"信息来源", SOURCE, true},
    {"稿件来源", SOURCE, true},
    {"新闻来源", SOURCE, true},
    {"来源", SOURCE, false},
    {"发布人", PUBLISHER, true},
    {"发布者", PUBLISHER, true},
    {"录入者", PUBLISHER, false},
    {"录入人", PUBLISHER, false},
    {"录入", PUBLISHER, false},
    {"上传者", PUBLISHER, false},
    {"作者", AUTHOR, false},
    {"发布时间", PUBLISHED, true},
    {"发布日期", PUBLISHED, true},
    {"发表时间", PUBLISHED, true},
    {"发表日期", PUBLISHED, true},
    {"日期", PUBLISHED, false},
    {"时间", PUBLISHED, false},
    {"更新时间", NOTHING, false},
    {"责任编辑", NOTHING, false},
    {"编辑", NOTHING, false},
    {"审核", NOTHING, false},
    {"点击次数", NOTHING, false},
    {"点击数", NOTHING, false},
    {"点击", NOTHING, false},
    {"浏览次数", NOTHING, false},
    {"浏览量", NOTHING, false},
    {"浏览", NOTHING, false},
    {"阅读次数", NOTHING, false},
    {"阅读量", NOTHING, false},
    {"访问量", NOTHING, false},
    {"人气", NOTHING, false},
    {"字体", NOTHING, false},
    {"字号", NOTHING, false},
};

/* The label that *rest begins with, taken off with its colon; or NULL. */
static const struct label *
take_label(struct str *rest)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		struct str at = *rest;
		if (!clean_take(&at, labels[i].name))
			continue;
		at = space_skip(at);
		if (!clean_take(&at, ":") && !clean_take(&at, "："))
			continue;
		*rest = at;
		return &labels[i];
	}
	return NULL;
}

/*
 * Go to the next label: *before is what stands before it, *rest what stands
 * behind. NULL: there is none, *before is all.
 */
static const struct label *
next_label(struct str *rest, struct str *before)
{
	struct str at = *rest;
	bool inside_word = false;

	while (at.len > 0) {
		struct str here = at;
		const struct label *label =
		    inside_word ? NULL : take_label(&at);
		if (label != NULL) {
			*before = str_slice(*rest, 0, rest->len - here.len);
			*rest = at;
			return label;
		}
		inside_word = clean_is_ideograph(utf8_next(&at));
	}
	*before = *rest;
	*rest = str_slice(*rest, rest->len, rest->len);
	return NULL;
}

/* Without the brackets and bars that portals set around. */
static struct str
bare(struct str s)
{
	static const char *const marks[] = {
	    "[", "]", "【", "】", "|", "｜", "/"};
	enum { COUNT = sizeof(marks) / sizeof(*marks) };
	bool again = true;

	while (again) {
		s = space_trim(s);
		again = clean_take_any(&s, marks, COUNT);
		for (size_t i = 0; i < COUNT; i++)
			if (str_ends(s, str_from(marks[i]))) {
				s.len -= strlen(marks[i]);
				again = true;
			}
	}
	return s;
}

/* The same for a whole line, which may stand in brackets as well; a value may
 * not be robbed of its own. */
static struct str
bare_line(struct str line)
{
	struct str s = bare(line);

	if (str_starts(s, STR("(")) && str_ends(s, STR(")")))
		s = bare(str_slice(s, 1, s.len - 1));
	else if (str_starts(s, STR("（")) && str_ends(s, STR("）")) &&
	    s.len >= 6)
		s = bare(str_slice(s, 3, s.len - 3));
	return s;
}

bool
credits_is(struct str line)
{
	struct str rest = bare_line(line), before = {"", 0}, value;
	const struct label *label;
	unsigned found = 0;
	int64_t s;

	if (line.len > LINE_MAX_BYTES)
		return false;
	/* 2019-01-11 08:28 来源：... */
	if (date_take(&rest, &s) == OK)
		found++;
	label = next_label(&rest, &before);
	/* Prose before the first label: a sentence that mentions one. */
	if (label == NULL || utf8_count(bare(before)) > 2)
		return false;
	for (; label != NULL; label = next_label(&rest, &value)) {
		if (label->strong)
			return true;
		found += label->meaning != NOTHING;
	}
	return found >= 2;
}

bool
credits_goes_on(struct str line)
{
	struct str rest = bare_line(line);

	return line.len <= MORE_MAX_BYTES && take_label(&rest) != NULL;
}

static void
put(struct str *field, struct str value)
{
	if (field->len == 0)
		*field = bare(value);
}

static void
put_published(struct credits *credits, struct str value, size_t number)
{
	if (credits->published.len > 0 || bare(value).len == 0)
		return;
	credits->published = bare(value);
	credits->published_number = number;
}

void
credits_read(struct credits *credits, struct str line, size_t number)
{
	struct str rest = bare_line(line), value;
	const struct label *label, *next;
	struct str day = rest;
	int64_t s;

	/* A date may come first, without a label. */
	label = next_label(&rest, &value);
	if (date_take(&day, &s) == OK)
		put_published(credits, value, number);
	while (label != NULL) {
		next = next_label(&rest, &value);
		switch (label->meaning) {
		case SOURCE:
			put(&credits->source, value);
			break;
		case PUBLISHER:
			put(&credits->publisher, value);
			break;
		case AUTHOR:
			put(&credits->author, value);
			break;
		case PUBLISHED:
			put_published(credits, value, number);
			break;
		case NOTHING:
			break;
		}
		label = next;
	}
}
