/* SPDX-License-Identifier: ISC */
/*
 * labels.ini: what it may say, and every mistake in it. The labels of the
 * portal itself are read by import_fixture.h, so by each test of the readers.
 */
#include "import_fixture.h"

static const char *const names[] = {
    "title", "source", "status", "pinned", "address"};

static struct customs own;

static enum err
read_labels(const char *text)
{
	buf_clear(&why);
	assert_int_equal(
	    customs_init(&own, names, sizeof(names) / sizeof(*names)), OK);
	return customs_read(&own, arena, str_from(text), &why);
}

static void
finds(const char *text, const char *finding)
{
	assert_int_equal(read_labels(text), ERR_INPUT);
	assert_str(buf_view(&why), finding);
}

static void
longer_words_are_taken_first(void **state)
{
	struct str rest = STR("printed today");

	(void)state;
	assert_int_equal(
	    read_labels("[furniture]\nnoise = print | printed |\n  go to\n"),
	    OK);
	assert_int_equal(own.words[WORDS_NOISE].count, 3);
	assert_true(words_take(own.words[WORDS_NOISE], &rest));
	assert_str(rest, " today");
	assert_true(words_are(own.words[WORDS_NOISE], STR("go to")));
	assert_false(words_hold(own.words[WORDS_NOISE], STR("gone")));
}

static void
labels_mean_fields_dates_or_nothing(void **state)
{
	(void)state;
	assert_int_equal(read_labels("# a comment\n"
				     "[labels]\nsource = From | Taken from\n"
				     "[weak labels]\ndate = On\n"
				     "[loose labels]\nnothing = Read\n"),
	    OK);
	assert_int_equal(own.labels, 4);
	assert_str(own.label[0].name, "Taken from");
	assert_int_equal(own.label[0].meaning, CUSTOM_FIELD);
	assert_int_equal(own.label[0].field, customs_field(&own, "source"));
	assert_true(own.label[0].strong);
	assert_false(own.label[0].loose);
	assert_str(own.label[3].name, "On");
	assert_int_equal(own.label[3].meaning, CUSTOM_DATE);
	assert_false(own.label[3].strong);
	assert_int_equal(own.label[1].meaning + own.label[2].meaning,
	    CUSTOM_FIELD + CUSTOM_NOTHING);
}

static void
fields_have_types_and_choices(void **state)
{
	const struct custom_field *field;

	(void)state;
	assert_int_equal(read_labels("[fields]\nflag = pinned\nurl = address\n"
				     "[choices]\nstatus = live | draft\n"
				     "[head]\npinned = Top | On top\n"
				     "[values]\nyes = Ja\ndraft = Entwurf\n"),
	    OK);
	field = own.field;
	assert_int_equal(
	    field[customs_field(&own, "pinned")].type, CUSTOM_FLAG);
	assert_int_equal(
	    field[customs_field(&own, "address")].type, CUSTOM_URL);
	assert_int_equal(field[customs_field(&own, "title")].type, CUSTOM_TEXT);
	assert_int_equal(field[customs_field(&own, "status")].choices.count, 2);
	assert_int_equal(own.keys, 2);
	assert_str(own.key[0].name, "Top");
	assert_string_equal(own.key[0].means, "pinned");
	assert_int_equal(own.values, 2);
	assert_string_equal(own.value[1].means, "draft");
	assert_int_equal(customs_field(&own, "kicker"), CUSTOMS_NONE);
}

static void
each_mistake_is_named_with_its_line(void **state)
{
	(void)state;
	finds("[lables]\n",
	    "1: there is no section \"lables\", did you mean labels?\n");
	finds("[labels\n", "1: a section is [name]\n");
	finds("[labels]\nsuorce = x\n",
	    "2: there is no key \"suorce\", did you mean source?\n");
	finds("[labels]\npublishd = x\n",
	    "2: there is no key \"publishd\", did you mean published?\n");
	finds("[head]\nkicker = x\n", "2: there is no key \"kicker\"\n");
	finds("[dates]\nyaer = x\n",
	    "2: there is no key \"yaer\", did you mean year?\n");
	finds("[fields]\nflag = pined\n",
	    "2: there is no field \"pined\", did you mean pinned?\n");
	finds("[fields]\nflagg = pinned\n",
	    "2: there is no key \"flagg\", did you mean flag?\n");
	finds("[choices]\nstatus = live\n[values]\nlife = x\n",
	    "4: there is no value \"life\", did you mean live?\n");
	finds("[labels]\nsource\n",
	    "2: neither [section], key = word | word nor # comment\n");
	finds("[labels]\nsource = a\n\nsource = b\n",
	    "4: source stands twice in [labels]\n");
	finds("[labels]\nsource = a | b\n  | a\n",
	    "3: \"a\" stands in line 2 already\n");
	finds("[labels]\nsource = a\n[weak labels]\ndate = a\n",
	    "4: \"a\" stands in line 2 already\n");
	finds("[dates]\n\nnumeral = 0 | 1\n",
	    "3: numeral has the ten words for 0 to 9, here are 2\n");
	finds("[text]\npicture = pic\n",
	    "2: picture has one word, with a * for the description\n");
	finds("[labels]\nsource = \xFF\n", "2: the line is not UTF-8 text\n");
	finds(
	    "[labels]\nsource = a\x1B[1m\n", "2: the line is not UTF-8 text\n");
	finds("[x]\n[y]\n",
	    "1: there is no section \"x\"\n2: there is no section \"y\"\n");
	/* One word may have two uses that have nothing to do with each other.
	 */
	assert_int_equal(
	    read_labels("[labels]\nsource = a\n[furniture]\nnoise = a\n"), OK);
}

static void
a_capsule_without_labels_reads_articles(void **state)
{
	(void)state;
	assert_int_equal(
	    customs_init(&customs, names, sizeof(names) / sizeof(*names)), OK);
	buf_clear(&why);
	assert_int_equal(
	    customs_load(&customs, arena, "/nonexistent", &why), OK);
	reads("title: A day\nsource: Gazette\npublished: 2026-11-18 9:30 pm\n"
	      "\n# Text\n");
	field_is("source", "Gazette");
	assert_true(article.has_published);
	refuses("title: A day\nkicker: k\n\nx\n", "f:2: ", "unknown key");
	reads("<html><head><title>Site</title><meta property=og:title "
	      "content='A day'><meta name=source content=Gazette>"
	      "<meta name=PubDate content='2019-01-11 08:28'></head><body>"
	      "<h1>A day</h1><p>By nobody.</p><img alt='a cat'>"
	      "<p>More of it.</p></body></html>");
	field_is("title", "A day");
	field_is("source", "Gazette");
	assert_true(article.has_published);
	body_is("By nobody.\n\n(picture: a cat)\n\nMore of it.\n");
}

/* What has no field of its own stays in the text. */
static void
text_of_no_field_stays(void **state)
{
	static const char page[] =
	    "<h1>大会召开</h1><p>发布时间：2019-01-11</p>"
	    "<p>本报记者 王越</p><p>昨日开会。</p>";
	static const char *const title[] = {"title"};

	(void)state;
	assert_int_equal(customs_load(&customs, arena, "capsule", &why), OK);
	reads(page);
	field_is("byline", "本报记者 王越");
	body_is("昨日开会。\n");
	customs.fields = 0;
	assert_int_equal(customs_init(&own, title, 1), OK);
	memcpy(own.words, customs.words, sizeof(own.words));
	own.label = customs.label;
	own.labels = customs.labels;
	customs = own;
	reads(page);
	body_is("本报记者 王越\n\n昨日开会。\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(longer_words_are_taken_first),
	    TEST(labels_mean_fields_dates_or_nothing),
	    TEST(fields_have_types_and_choices),
	    TEST(each_mistake_is_named_with_its_line),
	    TEST(a_capsule_without_labels_reads_articles),
	    TEST(text_of_no_field_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
