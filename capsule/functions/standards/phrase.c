/* SPDX-License-Identifier: ISC */
/*
 * Reads the words beside numbers in 代替标准号. Most words mean nothing, or
 * that the standard is replaced. Some say that only a part of it is replaced:
 * then it is still in force. So unknown words are never ignored.
 */
#include "base/utf8.h"
#include "fold.h"
#include "replaced.h"

enum {
	FLAG_WHOLE = 1,
	FLAG_PART = 2,
	FLAG_ALL = 4,      /* 全部: of all parts */
	FLAG_NONE = 8,     /* there is no number */
	FLAG_COUNT = 16,   /* digits or a letter, which want a clause */
	FLAG_AMENDED = 32, /* 及其修改单: goes with what it amends */
	FLAG_UNREAD = 64,
	CLAUSES_MAX = 20
};

/* Longer ones first, where one begins like another. */
static const struct word {
	const char *text;
	int flags;
} words[] = {{"代替标准号", FLAG_WHOLE}, {"代替标准", FLAG_WHOLE},
    {"代替", FLAG_WHOLE}, {"替代", FLAG_WHOLE}, {"取代", FLAG_WHOLE},
    {"替换", FLAG_WHOLE}, {"合并", FLAG_WHOLE}, {"整合", FLAG_WHOLE},
    {"废止", FLAG_WHOLE}, {"号修改单", FLAG_AMENDED}, {"修改单", FLAG_AMENDED},
    {"全部", FLAG_ALL}, {"完全", FLAG_ALL}, {"整体", FLAG_ALL}, {"本部分", 0},
    {"本标准", 0}, {"本文件", 0}, {"本规程", 0}, {"本规范", 0}, {"标准", 0},
    {"部分内容", FLAG_PART}, {"部分", FLAG_PART}, {"条款", FLAG_PART},
    {"章节", FLAG_PART}, {"附录", FLAG_PART}, {"附件", FLAG_PART},
    {"相关", FLAG_PART}, {"有关", FLAG_PART}, {"内容", FLAG_PART},
    {"章", FLAG_PART}, {"条", FLAG_PART}, {"节", FLAG_PART}, {"款", FLAG_PART},
    {"项", FLAG_PART}, {"篇", FLAG_PART}, {"表", FLAG_PART}, {"图", FLAG_PART},
    {"中", FLAG_PART}, {"第", 0}, {"的", 0}, {"其", 0}, {"以及", 0}, {"和", 0},
    {"及", 0}, {"与", 0}, {"并", 0}, {"同时", 0}, {"原", 0}, {"从", 0},
    {"自", 0}, {"已", 0}, {"年版", 0}, {"版", 0}, {"年", 0},
    {"首次发布", FLAG_NONE}, {"首次制定", FLAG_NONE}, {"没有", FLAG_NONE},
    {"无", FLAG_NONE}, {"一", FLAG_COUNT}, {"二", FLAG_COUNT},
    {"三", FLAG_COUNT}, {"四", FLAG_COUNT}, {"五", FLAG_COUNT},
    {"六", FLAG_COUNT}, {"七", FLAG_COUNT}, {"八", FLAG_COUNT},
    {"九", FLAG_COUNT}, {"十", FLAG_COUNT}, {"至", FLAG_COUNT},
    {"到", FLAG_COUNT}, {"、", 0}, {"，", 0}, {"：", 0}};

static bool
has(struct str text, const char *word)
{
	return str_find(text, str_from(word)) != SIZE_MAX;
}

/* What words of no table say of a part: 中的试验方法, 灭菌部分. */
static bool
names_part(struct str text)
{
	static const char *const counts[] = {
	    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
	struct str part = STR("部分");

	if (has(text, "被") || has(text, "不") || has(text, "未") ||
	    has(text, "：") || has(text, ":"))
		return false;
	if (str_starts(text, STR("中")) || str_starts(text, STR("内的")) ||
	    has(text, "的部分"))
		return true;
	if (!str_ends(text, part))
		return false;
	/* 导则 第1部分 is a title. */
	text = str_trim(str_slice(text, 0, text.len - part.len));
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (str_ends(text, str_from(counts[i])))
			return false;
	return text.len > 0 && !std_is_digit(text.data[text.len - 1]);
}

/* At most 3 digits, or one letter: what counts clauses. */
static size_t
count_len(struct str text)
{
	size_t n = 0;

	if (std_is_letter(std_fold_char((unsigned char)*text.data)))
		return text.len > 1 &&
			std_is_letter(
			    std_fold_char((unsigned char)text.data[1]))
		    ? 0
		    : 1;
	while (n < text.len && std_is_digit(text.data[n]))
		n++;
	return n <= 3 ? n : 0;
}

/* What the text begins with: its flags, and *n bytes. */
static int
read_word(struct str text, size_t *n)
{
	struct str rest = text;
	char c;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_starts(text, str_from(words[i].text))) {
			*n = strlen(words[i].text);
			return words[i].flags;
		}
	c = std_fold_char(utf8_next(&rest));
	*n = text.len - rest.len;
	if (c == 0 || strchr(" ,:(", c) != NULL)
		return 0;
	if (strchr("-.~", c) != NULL)
		return FLAG_COUNT;
	if ((unsigned char)*text.data < 0x80) {
		size_t count = count_len(text);

		*n = count > 0 ? count : *n;
		return count > 0 ? FLAG_COUNT : FLAG_UNREAD;
	}
	return FLAG_UNREAD;
}

/* Digits and letters that no clause has: a number, or what is left of one. */
static bool
holds_number(struct str text)
{
	while (text.len > 0) {
		unsigned char c = (unsigned char)*text.data;
		char folded = c < 0x80 ? std_fold_char(c) : STD_OTHER;
		size_t n = 1;

		if (std_is_digit(folded) || std_is_letter(folded)) {
			n = count_len(text);
			if (n == 0)
				return true;
		}
		text = str_slice(text, n, text.len);
	}
	return false;
}

enum std_phrase
std_phrase_judge(struct str text)
{
	struct str all = str_trim(text);
	int flags = 0;

	text = all;
	while (text.len > 0) {
		size_t n = 1;

		flags |= read_word(text, &n);
		text = str_slice(text, n, text.len);
	}
	if (flags & FLAG_UNREAD)
		return !holds_number(all) && names_part(all)
		    ? STD_PHRASE_PART
		    : STD_PHRASE_UNREAD;
	if (flags & FLAG_AMENDED)
		return !(flags & FLAG_PART) &&
			(str_starts(all, STR("及")) ||
			    str_starts(all, STR("和")) ||
			    str_starts(all, STR("与")))
		    ? STD_PHRASE_PLAIN
		    : STD_PHRASE_UNREAD;
	if ((flags & FLAG_COUNT) && !(flags & FLAG_PART))
		return STD_PHRASE_UNREAD;
	if (flags & FLAG_NONE)
		return flags & FLAG_PART ? STD_PHRASE_UNREAD : STD_PHRASE_NONE;
	if (flags & FLAG_ALL)
		return STD_PHRASE_WHOLE;
	if (flags & FLAG_PART)
		return STD_PHRASE_PART;
	return flags & FLAG_WHOLE ? STD_PHRASE_WHOLE : STD_PHRASE_PLAIN;
}

/* Digits that name clauses begin here (5.2条, 5.2、6.3条): how many bytes that
 * is; 0: they do not. */
static size_t
clause_len(struct str text)
{
	static const char *const clauses[] = {
	    "章", "条", "节", "款", "项", "篇"};
	static const char *const links[] = {
	    "、", "和", "及", "至", "到", "～", "~", "-", ",", "，"};
	const char *start = text.data;
	size_t i;

	for (size_t parts = 0; parts < CLAUSES_MAX; parts++) {
		size_t n = 0;

		while (n < text.len && std_is_digit(text.data[n]))
			n++;
		if (n == 0 || n > 3)
			return 0;
		text = str_slice(text, n, text.len);
		if (text.len > 0 && *text.data == '.') {
			text = str_slice(text, 1, text.len);
			continue;
		}
		text = str_trim(text);
		for (i = 0; i < sizeof(clauses) / sizeof(*clauses); i++)
			if (str_starts(text, str_from(clauses[i])))
				return (size_t)(text.data - start);
		for (i = 0; i < sizeof(links) / sizeof(*links); i++)
			if (str_starts(text, str_from(links[i])))
				break;
		if (i == sizeof(links) / sizeof(*links))
			return 0;
		text = str_trim(str_slice(text, strlen(links[i]), text.len));
	}
	return 0;
}

/* Words behind which digits count clauses, not standards. */
static bool
counts_clauses(struct str before)
{
	static const char *const heads[] = {"第", "附录", "附件", "表", "图"};

	while (before.len > 0 &&
	    (std_is_digit(before.data[before.len - 1]) ||
		strchr(". -~", before.data[before.len - 1]) != NULL))
		before.len--;
	if (before.len > 1 &&
	    std_is_letter(
		std_fold_char((unsigned char)before.data[before.len - 1])))
		before.len--;
	before = str_trim(before);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (str_ends(before, str_from(heads[i])))
			return true;
	return false;
}

/* Does a number begin here, behind what is before it? */
static bool
begins_number(struct str before, struct str at)
{
	struct str rest = at;
	char first = std_fold_char(utf8_next(&rest)), second = 0;
	struct std_number number;

	if (rest.len > 0)
		second = std_fold_char(utf8_next(&rest));
	if (std_is_letter(first))
		return std_is_letter(second) || second == '/' ||
		    std_read(at, STD_PROSE, &number);
	return std_is_digit(first) && !counts_clauses(before) &&
	    clause_len(at) == 0;
}

size_t
std_phrase_len(struct str text)
{
	struct str rest = text;

	while (rest.len > 0) {
		size_t at = text.len - rest.len;
		struct str here = rest;
		uint32_t c = utf8_next(&rest);
		char folded = std_fold_char(c);

		if (c == '\n' || c == '\t' || c == '|' || c == 0x3001 ||
		    folded == ',' || folded == ';' || folded == '(' ||
		    folded == ')' || (c >= 0x3008 && c <= 0x3011))
			return at;
		if ((std_is_letter(folded) || std_is_digit(folded)) &&
		    begins_number(str_slice(text, 0, at), here))
			return at;
		/* All of a clause's digits at once. */
		if (std_is_digit(folded) && clause_len(here) > 0)
			rest = str_slice(here, clause_len(here), here.len);
		while (std_is_digit(folded) && rest.len > 0 &&
		    (std_is_digit(*rest.data) || *rest.data == '.'))
			rest = str_slice(rest, 1, rest.len);
	}
	return text.len;
}
